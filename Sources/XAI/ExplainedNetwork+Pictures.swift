public import XAIAttribution
public import XAIClassifiers
import XAIDatasets
public import XAIExperiments
public import XAIImages
public import XAIKernels
import XAINetworks
import XAITensor

extension ExplainedNetwork {
  /// Reads a network's file.
  ///
  /// What the file does not say about itself, such as the classes and how pictures are normalized, `knowledge`
  /// says; see `Checkpoint.remarks` of `checkpoint` for what was assumed.
  /// - Parameters:
  ///   - path: A safetensors file, or one of `torch.save`.
  ///   - knowledge: What the file does not say, or says wrongly.
  ///   - backend: What computes.
  /// - Throws: `FileFailure`, `NetworkFailure` where the file holds no network, `ClassifierFailure` where file
  ///   and knowledge contradict each other, `KernelFailure` where the processor is unsuitable.
  public convenience init(
    checkpoint path: String, _ knowledge: CheckpointKnowledge = CheckpointKnowledge(),
    backend: (any Backend)? = nil
  ) throws {
    let checkpoint = try Checkpoint.open(path, knowledge)
    self.init(checkpoint, backend: try backend ?? CPUBackend())
  }

  /// Reads a picture as the network takes it.
  /// - Parameter path: A JPEG or PNG file.
  /// - Returns: The picture, resized or cropped as the network's file says.
  /// - Throws: `ImageFailure`; `ClassifierFailure` where the file's word on pictures is damaged;
  ///   `AttributionFailure` where the network is from no file.
  public func image(at path: String) throws -> ExplainedImage {
    try image(RGBImage(contentsOf: path), name: path)
  }

  /// Makes a picture what the network takes.
  /// - Parameters:
  ///   - picture: A picture of any size.
  ///   - name: What messages and files call it.
  /// - Returns: The picture, resized or cropped as the network's file says.
  /// - Throws: As `image(at:)`.
  public func image(_ picture: RGBImage, name: String = "image") throws -> ExplainedImage {
    let fitting = try pictureNetwork().fitting
    return ExplainedImage(name: name, source: name, picture: picture.fitted(fitting))
  }

  /// What the network says about an image.
  /// - Parameter image: The image, in the network's size.
  /// - Returns: Its logits and probabilities.
  /// - Throws: As `explain(_:by:target:baseline:seed:)`.
  public func predict(_ image: ExplainedImage) throws -> Prediction {
    let checkpoint = try pictureNetwork()
    try check(image)
    let pixels = ExplainedImage.normalised([image], try Preprocessing(of: checkpoint))
    return try Prediction.of(pixels, by: self)[0]
  }

  /// Explains what the network says about an image.
  /// - Parameters:
  ///   - image: The image; `image(at:)` reads one.
  ///   - method: How; every method of the catalog has a name here, such as `.integratedGradients`.
  ///   - target: Which class.
  ///   - baseline: What the method compares with, where it compares; nil for the method's own default.
  ///   - seed: Decides every random draw.
  /// - Returns: The map, with the prediction and the law of the method.
  /// - Throws: `AttributionFailure` where the network is from no file or takes no pictures, or where image,
  ///   class, baseline and method do not suit each other or it; `KernelFailure` where memory runs out.
  public func explain(
    _ image: ExplainedImage, by method: some AttributionMethod,
    target: TargetChoice = .predicted, baseline: BaselineKind? = nil, seed: UInt64 = 0
  ) throws -> Explanation {
    let checkpoint = try pictureNetwork()
    if let obstacle = method.obstacle(on: network) {
      throw AttributionFailure(.usage, obstacle)
    }
    let prediction = try predict(image)
    let target = try target.index(of: image, prediction)
    let maker = try RequestMaker(checkpoint, dataset: nil, seed: seed) { _ in }
    let request = try maker.request(
      [image], targets: [target], for: method,
      baseline: RequestMaker.baseline(of: method, chosen: baseline))
    let attribution = try method.prepared(for: request, on: network)
      .attribute(request, on: self, in: AttributionContext()).inspected
    return Explanation(
      image: image, prediction: prediction, target: target,
      map: attribution.maps.reshaped(to: Array(attribution.maps.shape.dropFirst())),
      law: attribution.laws.first, notes: attribution.notes(of: 0))
  }

  /// Explains what the network says about a picture of any size.
  /// - Parameters:
  ///   - picture: The picture.
  ///   - method: How.
  ///   - target: Which class.
  ///   - baseline: What the method compares with, where it compares; nil for the method's own default.
  ///   - seed: Decides every random draw.
  /// - Returns: The map, in the network's size.
  /// - Throws: As for an image.
  public func explain(
    _ picture: RGBImage, by method: some AttributionMethod,
    target: TargetChoice = .predicted, baseline: BaselineKind? = nil, seed: UInt64 = 0
  ) throws -> Explanation {
    try explain(
      try image(picture), by: method, target: target, baseline: baseline, seed: seed)
  }

  private func pictureNetwork() throws(AttributionFailure) -> Checkpoint {
    guard let checkpoint else {
      throw AttributionFailure(
        .usage,
        "this network was put together from parameters, so nothing says how pictures reach it; read it from "
          + "a file, or call a method's attribute(_:on:in:) with a tensor")
    }
    return checkpoint
  }

  private func check(_ image: ExplainedImage) throws(AttributionFailure) {
    let input = network.architecture.input
    let picture = image.picture
    guard [3, picture.height, picture.width] == input else {
      throw AttributionFailure(
        .usage,
        "\(image.name) has 3 x \(picture.height) x \(picture.width) numbers, the network takes "
          + "\(input.map(String.init).joined(separator: " x ")); image(_:) resizes pictures")
    }
  }
}
