public import XAIAttribution
public import XAIClassifiers
public import XAIDatasets
import XAIKernels
public import XAINetworks

/// What every experiment begins with: networks from their files, the images of a data set, a backend, and
/// the memory that they may take.
public final class Session {
  /// What a session is asked for.
  public struct Request: Sendable {
    /// The files of the networks, one or two.
    public var checkpoints: [String]
    /// Decides every random choice.
    public var seed: UInt64
    /// Bytes that the process may take; nil for enough.
    public var memory: Int?
    /// Networks whose parameters are in memory together.
    public var networksTogether: Int
    /// Whether files that are no whole image are left out of a folder of baselines.
    public var skipCorrupt: Bool

    /// Describes a session.
    /// - Parameters:
    ///   - checkpoints: The files of the networks, one or two.
    ///   - seed: Decides every random choice.
    ///   - memory: Bytes that the process may take; nil for enough.
    ///   - networksTogether: Networks whose parameters are in memory together; default is those of the
    ///     files.
    ///   - skipCorrupt: Whether files that are no whole image are left out of a folder of baselines.
    public init(
      checkpoints: [String], seed: UInt64 = 0, memory: Int? = nil, networksTogether: Int? = nil,
      skipCorrupt: Bool = false
    ) {
      (self.checkpoints, self.seed, self.memory) = (checkpoints, seed, memory)
      self.networksTogether = networksTogether ?? checkpoints.count
      self.skipCorrupt = skipCorrupt
    }
  }

  /// How a session comes to what it is asked for.
  public struct Sources {
    /// Reads the checkpoint of a file.
    public var checkpoint: (String) throws -> Checkpoint
    /// Opens the data in the size that a network takes; nil where there are none.
    public var dataset: (Checkpoint) throws -> (any ImageDataset)?
    /// Completes a checkpoint by the classes of the data.
    public var complete: (Checkpoint, String, (any ImageDataset)?) throws -> Checkpoint
    /// Receives what a user should know.
    public var warn: (String) -> Void

    /// Says where things come from.
    /// - Parameters:
    ///   - checkpoint: Reads the checkpoint of a file; by default as the file says.
    ///   - dataset: Opens the data in the size that a network takes; by default there are none.
    ///   - complete: Completes a checkpoint by the classes of the data; by default it stays as it is.
    ///   - warn: Receives what a user should know.
    public init(
      checkpoint: @escaping (String) throws -> Checkpoint = {
        try Checkpoint.open($0, CheckpointKnowledge())
      },
      dataset: @escaping (Checkpoint) throws -> (any ImageDataset)? = { _ in nil },
      complete: @escaping (Checkpoint, String, (any ImageDataset)?) throws -> Checkpoint = {
        checkpoint, _, _ in checkpoint
      },
      warn: @escaping (String) -> Void
    ) {
      (self.checkpoint, self.dataset) = (checkpoint, dataset)
      (self.complete, self.warn) = (complete, warn)
    }
  }

  /// A network of the session.
  public struct Network {
    /// Its file.
    public let path: String
    /// The digest of its file.
    public let digest: FileDigest
    /// What its file says, completed by the data.
    public fileprivate(set) var checkpoint: Checkpoint
    /// The network on the backend of the session.
    public let explained: ExplainedNetwork
  }

  /// The networks in the order of their files.
  public private(set) var networks: [Network]
  /// The data, once they are open.
  public private(set) var dataset: (any ImageDataset)?
  /// How memory is divided.
  public let memory: MemoryPlan
  private let request: Request
  private let sources: Sources

  /// Reads the networks.
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - sources: Where it comes from.
  /// - Throws: What reading throws; `AttributionFailure` where two networks cannot be compared;
  ///   `ExperimentFailure` where memory is too little; `KernelFailure`.
  public init(_ request: Request, from sources: Sources) throws {
    (self.request, self.sources) = (request, sources)
    let paths = request.checkpoints
    let digests = paths.map(FileDigest.init)
    let checkpoints = try paths.map(sources.checkpoint)
    // Before the data are opened in the size of the first.
    if checkpoints.count > 1 {
      _ = try ComparableCheckpoints(checkpoints[0], checkpoints[1], names: (paths[0], paths[1]))
    }
    memory = try MemoryPlan(
      request.memory, for: request.networksTogether, of: checkpoints[0].network)
    let backend = try CPUBackend()
    backend.limits = memory.kernels
    networks = paths.indices.map { index in
      Network(
        path: paths[index], digest: digests[index], checkpoint: checkpoints[index],
        explained: ExplainedNetwork(
          checkpoints[index].network, parameters: checkpoints[index].parameters,
          backend: backend))
    }
  }

  /// Opens the data, and lets them complete what the networks' files say.
  /// - Throws: What opening throws; `ClassifierFailure` where classes do not fit.
  public func openData() throws {
    let first = networks[0]
    dataset = try sources.dataset(first.checkpoint)
    let fitting = try first.checkpoint.fitting
    for other in networks.dropFirst() where try other.checkpoint.fitting != fitting {
      sources.warn(
        "\(other.path) resizes or crops pictures otherwise than \(first.path): both are shown the "
          + "pictures of the first")
    }
    for index in networks.indices {
      networks[index].checkpoint = try sources.complete(
        networks[index].checkpoint, networks[index].path, dataset)
    }
  }

  /// The first network, which is the only one of most experiments.
  public var network: Network { networks[0] }

  /// Makes requests of images for a network, with baselines of the data.
  /// - Parameter network: A network of the session.
  /// - Returns: What makes requests.
  /// - Throws: `AttributionFailure` where the network takes no pictures; `DatasetFailure`.
  public func requests(for network: Network) throws -> RequestMaker {
    try RequestMaker(
      network.checkpoint, dataset: dataset, seed: request.seed, skipCorrupt: request.skipCorrupt,
      tell: sources.warn)
  }
}
