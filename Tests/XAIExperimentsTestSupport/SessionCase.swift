import XAIClassifiers
package import XAIExperiments
package import XAINetworks
import XAIAttribution
import XAIDatasets
import XAIImages
package import XAITensor
package import XAITestSupport
import XAIFiles

/// A checkpoint of a small network and pictures in a folder, for sessions on them.
package struct SessionCase {
  package let folder: TemporaryFolder

  package init() throws {
    folder = try TemporaryFolder()
    try write("model.safetensors", TrainedNetwork().parameters)
    for number in 0..<3 {
      let picture = ContrastCase().image(number).picture
      try AtomicFile.write(try PNG.encode(picture), to: folder.file("image\(number).png"))
    }
  }

  /// Writes a checkpoint of a network.
  package func write(_ name: String, _ parameters: Parameters) throws {
    var test = ContrastCase()
    test.networks = [parameters]
    test.classes = (0..<10).map { .init(id: "n\($0)", name: "fruit \($0)") }
    try test.checkpoint(0).write(to: folder.file(name))
  }

  /// The paths of the first pictures.
  package func pictures(_ count: Int) -> ImageChoice {
    .files((0..<count).map { folder.file("image\($0).png") })
  }

  /// A session on checkpoints in the folder.
  package func session(
    _ names: [String] = ["model.safetensors"], observer: any WorkObserver = NoObserver()
  ) throws -> Session {
    let session = try Session(
      .init(checkpoints: names.map(folder.file)), observer: observer)
    try session.openData()
    return session
  }

  /// Methods by their identifiers.
  package func methods(
    _ identifiers: String..., isRequired: Bool = true
  ) -> [MethodPreparation.Candidate] {
    identifiers.compactMap(MethodCatalog.entry).map {
      .init(
        MethodUnderTest(
          $0, baseline: RequestMaker.baseline(of: $0.method, chosen: nil)),
        isRequired: isRequired)
    }
  }
}

/// Keeps what it is told, and stops after so many steps.
package final class RecordingObserver: WorkObserver {
  private struct State {
    var remarks: [any Remark] = []
    var work: [String] = []
    var steps = 0
  }

  private let state = Monitor(State())
  private let mostSteps: Int

  package init(stoppingAfter steps: Int = .max) { mostSteps = steps }

  package var remarks: [any Remark] { state.change { $0.remarks } }

  package var warnings: [String] { remarks.filter(\.isWarning).map(\.description) }

  /// What was begun, in order.
  package var work: [String] { state.change { $0.work } }

  package func tell(_ remark: any Remark) { state.change { $0.remarks.append(remark) } }

  package func begin(_ work: String, total: Int, unit: String) {
    state.change { $0.work.append(work) }
  }

  package func advance(to done: Int, _ detail: @autoclosure () -> String) {
    state.change { $0.steps += 1 }
  }

  package var isStopped: Bool { state.change { $0.steps >= mostSteps } }
}
