/// A network of the VGG family as data.
///
/// Stacks of 3x3 convolutions (stride 1, padding 1), each followed by batch norm, ReLU and dropout; a
/// 2x2 max pooling after each stack; then, by choice, global average pooling (Lin et al. 2014) or
/// adaptive average pooling to a fixed extent (torchvision); then dense layers with 1-D batch norm, ReLU and dropout; then one dense layer to the logits (Simonyan and
/// Zisserman 2015; table 7.1 of the thesis).
public struct Architecture: Sendable, Equatable, Codable {
  /// A name for people.
  public var name: String?
  /// Channels, height and width of an image.
  public var input: [Int]
  /// Output channels of the convolutions of each stack; may be empty.
  public var stacks: [[Int]]
  /// Units of the hidden dense layers; may be empty.
  public var hidden: [Int]
  /// The number of classes.
  public var classes: Int
  /// Whether a pooling follows each stack.
  public var pooling: Bool
  /// Whether each channel's mean over all positions enters the dense layers, instead of all positions.
  public var globalAveragePooling: Bool
  /// The rows and columns to which adaptive average pooling brings the maps before the dense layers, such
  /// as torchvision's 7 x 7; nil leaves them as they are.
  public var adaptivePooling: [Int]?
  /// Whether batch norm follows each convolution, and each hidden dense layer unless `denseBatchNorm` says
  /// otherwise.
  public var batchNorm: Bool
  /// Whether batch norm follows each hidden dense layer; nil is as `batchNorm`.
  public var denseBatchNorm: Bool?
  /// How much is dropped in training.
  public var dropout: DropoutShares

  /// The share of activations set to 0 in training.
  public struct DropoutShares: Sendable, Equatable, Codable {
    /// After each convolution's ReLU.
    public var convolution: Double
    /// After each hidden dense layer's ReLU.
    public var dense: Double

    /// Groups the shares.
    /// - Parameters:
    ///   - convolution: After convolutions, in [0, 1).
    ///   - dense: After dense layers, in [0, 1).
    public init(convolution: Double = 0.25, dense: Double = 0.5) {
      self.convolution = convolution
      self.dense = dense
    }
  }

  /// Whether two architectures are the same network but for its name and what is dropped in training.
  /// - Parameter other: Another architecture.
  /// - Returns: Whether they expand to the same nodes.
  public func computes(as other: Architecture) -> Bool {
    func bare(_ architecture: Architecture) -> Architecture {
      var bare = architecture
      (bare.name, bare.dropout) = (nil, DropoutShares(convolution: 0, dense: 0))
      return bare
    }
    return Network(bare(self)).nodes == Network(bare(other)).nodes
  }

  /// The modified VGG-16 of the thesis, for 64x64 images.
  public static let vgg16Tiny = Architecture(
    name: "vgg16-tiny", input: [3, 64, 64],
    stacks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512]], hidden: [2048, 2048],
    classes: 200)

  /// Describes a network.
  /// - Parameters:
  ///   - name: A name for people.
  ///   - input: Channels, height and width of an image.
  ///   - stacks: Output channels of the convolutions of each stack.
  ///   - hidden: Units of the hidden dense layers.
  ///   - classes: The number of classes.
  ///   - pooling: Whether a pooling follows each stack.
  ///   - globalAveragePooling: Whether each channel's mean over all positions enters the dense layers.
  ///   - adaptivePooling: Rows and columns of the maps that enter the dense layers; nil leaves them.
  ///   - batchNorm: Whether batch norm follows each hidden layer.
  ///   - denseBatchNorm: Whether batch norm follows each hidden dense layer; nil is as `batchNorm`.
  ///   - dropout: How much is dropped in training.
  public init(
    name: String? = nil, input: [Int], stacks: [[Int]], hidden: [Int], classes: Int,
    pooling: Bool = true, globalAveragePooling: Bool = false, adaptivePooling: [Int]? = nil,
    batchNorm: Bool = true, denseBatchNorm: Bool? = nil,
    dropout: DropoutShares = DropoutShares()
  ) {
    self.name = name
    self.input = input
    self.stacks = stacks
    self.hidden = hidden
    self.classes = classes
    self.pooling = pooling
    self.globalAveragePooling = globalAveragePooling
    self.adaptivePooling = adaptivePooling
    self.batchNorm = batchNorm
    self.denseBatchNorm = denseBatchNorm
    self.dropout = dropout
  }
}
