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

  /// Reads the words of an option: `blur`, `data:32`, `file PATH` or `file:PATH`.
  /// - Parameter words: One word, or `file` and a path.
  /// - Throws: `AttributionFailure` where they name no baseline.
  public init(_ words: [String]) throws(AttributionFailure) {
    let text = words.joined(separator: ":")
    let name = String(text.prefix { $0 != ":" })
    let argument = text.dropFirst(name.count + 1)
    let plain: [String: BaselineKind] = [
      "blur": .blur, "black": .black, "white": .white, "zero": .zero, "mean": .mean,
      "noise": .noise, "data": .data(Self.defaultCount),
    ]
    if let kind = plain[text] {
      self = kind
    } else if name == "data", let count = Int(argument), count >= 1 {
      self = .data(count)
    } else if name == "file", !argument.isEmpty {
      self = .file(String(argument))
    } else {
      throw AttributionFailure(
        .usage,
        "'\(words.joined(separator: " "))' is no baseline; expected blur, black, white, zero, mean, "
          + "noise, data, data:N or file PATH")
    }
  }
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
