public import XAIAttribution
public import XAIClassifiers
public import XAIDatasets
import XAIKernels
public import XAINetworks
public import XAITensor

/// What every experiment begins with: networks from their files, the images of a data set, a backend, the
/// memory that they may take, and who watches.
public final class Session {
  /// What a session is asked for.
  public struct Request: Sendable {
    /// The files of the networks, one or two.
    public var checkpoints: [String]
    /// What is known about them that they do not say themselves.
    public var knowledge = CheckpointKnowledge()
    /// The data, which `openData` opens; nil for none.
    public var data: DataOpening?
    /// Decides every random choice.
    public var seed: UInt64
    /// Bytes that the process may take; nil for enough.
    public var memory: Int?
    /// The threads that compare maps.
    public var threads: Int
    /// Networks whose parameters are in memory together; nil for those of the files.
    public var networksTogether: Int?
    /// Whether files that are no whole image are left out of a folder of baselines.
    public var skipCorrupt = false
    /// Whether pictures are shown to the networks, so that it matters how.
    public var takesPictures = true

    /// Describes a session.
    /// - Parameters:
    ///   - checkpoints: The files of the networks, one or two.
    ///   - data: The data; nil for none.
    ///   - seed: Decides every random choice.
    ///   - memory: Bytes that the process may take; nil for enough.
    ///   - threads: The threads that compare maps.
    public init(
      checkpoints: [String], data: DataOpening? = nil, seed: UInt64 = 0, memory: Int? = nil,
      threads: Int = 1
    ) {
      (self.checkpoints, self.data) = (checkpoints, data)
      (self.seed, self.memory, self.threads) = (seed, memory, threads)
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

  /// What was asked for.
  public let request: Request
  /// Who watches.
  public let observer: any WorkObserver
  /// The networks in the order of their files.
  public private(set) var networks: [Network]
  /// The data, once they are open.
  public private(set) var dataset: (any ImageDataset)?
  /// How memory is divided.
  public let memory: MemoryPlan
  /// Where the time goes.
  public let times = PhaseTimes()
  private let knowledge: CheckpointKnowledge

  /// Reads the networks.
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - observer: Who watches this and every experiment of the session.
  /// - Throws: What reading throws; `ExperimentFailure` where two networks cannot be compared, or memory is
  ///   too little; `KernelFailure`.
  public init(_ request: Request, observer: any WorkObserver = NoObserver()) throws {
    (self.request, self.observer) = (request, observer)
    let paths = request.checkpoints
    var knowledge = request.knowledge
    // Of two networks one may say itself what is known of the other.
    knowledge.onlyCompletes = paths.count > 1
    self.knowledge = knowledge
    let digests = paths.map(FileDigest.init)
    let checkpoints = try paths.map {
      try Checkpoint.open(
        $0, knowledge, takesPictures: request.takesPictures, observer: observer)
    }
    // Before the data are opened in the size of the first.
    if checkpoints.count > 1 {
      _ = try ComparableCheckpoints(checkpoints[0], checkpoints[1], names: (paths[0], paths[1]))
    }
    memory = try MemoryPlan(
      request.memory, for: request.networksTogether ?? paths.count, of: checkpoints[0].network)
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

  /// Opens the data, where there are any, and lets them complete what the networks' files say.
  /// - Throws: What opening throws; `ClassifierFailure` where classes do not fit.
  public func openData() throws {
    let first = networks[0]
    let fitting = try first.checkpoint.fitting
    dataset = try request.data?.open(
      input: first.checkpoint.network.architecture.input, fitting: fitting, observer: observer)
    for other in networks.dropFirst() where try other.checkpoint.fitting != fitting {
      observer.warn(
        "\(other.path) resizes or crops pictures otherwise than \(first.path): both are shown the "
          + "pictures of the first")
    }
    for index in networks.indices {
      networks[index].checkpoint = try networks[index].checkpoint.completed(
        by: dataset, path: networks[index].path, knowledge, observer: observer)
    }
  }

  /// The first network, which is the only one of most experiments.
  public var network: Network { networks[0] }

  /// What the classes of the networks are called; empty where no file says it.
  public var classes: [Checkpoint.ClassName] {
    networks.lazy.map(\.checkpoint.classes).first { !$0.isEmpty } ?? []
  }

  /// The number of classes.
  public var classCount: Int { network.checkpoint.network.architecture.classes }

  /// Makes requests of images for a network, with baselines of the data.
  /// - Parameter network: A network of the session.
  /// - Returns: What makes requests.
  /// - Throws: `ExperimentFailure` where the network takes no pictures; `DatasetFailure`.
  public func requests(for network: Network) throws -> RequestMaker {
    try RequestMaker(
      network.checkpoint, dataset: dataset, seed: request.seed, skipCorrupt: request.skipCorrupt,
      tell: observer.warn)
  }
}
