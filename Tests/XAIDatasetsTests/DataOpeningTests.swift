import Testing
import XAIDatasets
import XAIImages
import XAITensor

/// Keeps what it is told.
private final class Listener: WorkObserver {
  let remarks = Monitor<[any Remark]>([])

  func tell(_ remark: any Remark) { remarks.change { $0.append(remark) } }

  var sentences: [String] { remarks.change { $0.map(\.description) } }
}

@Suite struct DataOpeningTests {
  @Test func `data are opened in the size of the network and told of in a sentence`() throws {
    let listener = Listener()
    let data = try DataOpening("shapes").open(input: [3, 16, 24], observer: listener)
    #expect(data.height == 16 && data.width == 24)
    let counts = Split.allCases.map { data.count(of: $0) }
    #expect(
      listener.sentences == [
        "shapes: 12 classes; \(grouped(counts[0])) train, \(grouped(counts[1])) validation, "
          + "\(grouped(counts[2])) test images"
      ])
    #expect(listener.remarks.change { $0.allSatisfy { !$0.isWarning } })
  }

  @Test func `a network of one channel and a folder that is not there are refused`() {
    let channels = #expect(throws: DatasetFailure.self) {
      try DataOpening("shapes").open(input: [1, 16, 16])
    }
    #expect(channels?.kind == .usage)
    let missing = #expect(throws: DatasetFailure.self) {
      try DataOpening("/nowhere/at-all").open(input: [3, 16, 16])
    }
    #expect(missing?.kind == .missingInput)
  }
}
