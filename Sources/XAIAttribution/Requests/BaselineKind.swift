import XAITensor

/// Which image, or images, a method compares with.
public enum BaselineKind: Sendable, Equatable {
  /// The image itself, blurred.
  case blur
  /// A black picture.
  case black
  /// A white picture.
  case white
  /// Zero in the normalised space, which is the mean that the network was trained with.
  case zero
  /// One colour: the mean pixel of the data.
  case mean
  /// Standard-normal noise in the normalised space.
  case noise
  /// Other images of the data, so many of them.
  case data(Int)
  /// The image in a file, or all in a folder.
  case file(String)
  /// The blurred image and the image itself, which the thesis uses for gradient SHAP.
  case blurAndImage

  /// How many images of the data make a distribution by default.
  public static let defaultCount = 64
}

extension BaselineKind: CustomStringConvertible {
  /// The words that name it.
  public var description: String {
    switch self {
    case .blur: "blur"
    case .black: "black"
    case .white: "white"
    case .zero: "zero"
    case .mean: "mean"
    case .noise: "noise"
    case .data(let count): "data:\(count)"
    case .file(let path): "file:\(path)"
    case .blurAndImage: "blur and image"
    }
  }
}
