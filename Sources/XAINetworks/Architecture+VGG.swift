extension Architecture {
  /// The networks of the VGG family as torchvision and timm have them, by name: `vgg11` to `vgg19`, and
  /// `vgg11-bn` to `vgg19-bn` with batch norm after convolutions.
  public static let familyNames = ["", "-bn"].flatMap { ending in
    [11, 13, 16, 19].map { "vgg\($0)\(ending)" }
  }

  /// A network of the VGG family by its name (Simonyan and Zisserman 2015, configurations A, B, D and E).
  ///
  /// As in torchvision: adaptive average pooling to 7 x 7 in front of the dense layers, batch norm after
  /// convolutions alone, dropout after dense layers alone.
  /// - Parameters:
  ///   - name: One of `familyNames`; `vgg16_bn` is `vgg16-bn`.
  ///   - input: Channels, height and width of an image.
  ///   - classes: The number of classes.
  /// - Returns: The architecture, or nil where there is no such name.
  public static func family(
    _ name: String, input: [Int] = [3, 224, 224], classes: Int = 1000
  ) -> Architecture? {
    let name = name.replacing("_", with: "-")
    guard let position = familyNames.firstIndex(of: name) else { return nil }
    let lengths = [[1, 1, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 3, 3, 3], [2, 2, 4, 4, 4]][position % 4]
    return Architecture(
      name: name, input: input,
      stacks: zip([64, 128, 256, 512, 512], lengths).map { Array(repeating: $0, count: $1) },
      hidden: [4096, 4096], classes: classes, adaptivePooling: [7, 7], batchNorm: position >= 4,
      denseBatchNorm: position >= 4 ? false : nil, dropout: .init(convolution: 0, dense: 0.5))
  }
}
