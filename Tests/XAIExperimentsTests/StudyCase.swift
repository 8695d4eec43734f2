import XAIClassifiers
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

/// A small network for shapes, in a session with them.
struct StudyCase {
  let folder: TemporaryFolder
  let network: Network

  init(channels: Int = 6) throws {
    folder = try TemporaryFolder()
    network = Network(
      Architecture(
        input: [3, 64, 64], stacks: [[channels], [channels]], hidden: [16], classes: 12,
        batchNorm: false))
    try write("model.safetensors")
  }

  /// Writes a checkpoint, perhaps of changed parameters.
  func write(
    _ name: String, seed: UInt64 = 0, _ change: (inout Parameters) -> Void = { _ in }
  ) throws {
    var parameters = Parameters.initial(for: network, seed: seed)
    change(&parameters)
    try Checkpoint(
      network: network, parameters: parameters, mean: Tensor(shape: [3], repeating: 0.45),
      standardDeviation: Tensor(shape: [3], repeating: 0.25),
      classes: ShapesDataset().classes.map { .init(id: $0.id, name: $0.name) }
    ).write(to: folder.file(name))
  }

  /// Writes a network whose rectifiers let something pass at any color.
  func writeLively(_ name: String) throws {
    try write(name) { parameters in
      for layer in ["conv1", "conv2", "fc1"] {
        parameters["\(layer).bias"] = parameters["\(layer).bias"]?.map { _ in 0.5 }
      }
    }
  }

  /// A session on checkpoints of the folder.
  func session(
    _ names: [String] = ["model.safetensors"], observer: any WorkObserver = NoObserver()
  ) throws -> Session {
    var request = Session.Request(
      checkpoints: names.map(folder.file), data: DataOpening("shapes", threads: 1))
    request.threads = 1
    let session = try Session(request, observer: observer)
    try session.openData()
    // The folder may be gone before results are asked for.
    for network in session.networks { _ = try network.digest.value() }
    return session
  }
}
