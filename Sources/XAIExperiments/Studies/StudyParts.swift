import XAITensor

/// A study whose finished parts can be kept, so that one that was ended goes on.
public protocol ResumableStudy: PlannedExperiment, StoredStudy {
  /// Keeps finished parts in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  func keep(in folder: String) throws
}

/// The finished parts of a study, each named by everything that decides it.
final class StudyParts<Study: StoredStudy> {
  private var store: UnitStore?

  /// Opens a folder, making it where there is none.
  func open(_ folder: String, in session: Session) throws {
    store = try UnitStore(
      folder,
      origin: StudyOrigin<Study>(
        version: Toolkit.version, checkpoint: try session.identity(), seed: session.request.seed))
  }

  /// Whether a part is there.
  func holds(_ kind: String, of inputs: [String]) -> Bool {
    store?.hasRecord(kind, of: inputs) ?? false
  }

  /// A part: read where it is finished, else made, and kept where there is a folder.
  func part<Part: Codable>(
    _ kind: String, of inputs: [String], where isPossible: (Part) -> Bool = { _ in true },
    _ make: () throws -> Part
  ) throws -> Part {
    guard let store else { return try make() }
    return try store.record(kind, of: inputs, where: isPossible, make)
  }
}

/// A value that is made when it is first asked for.
final class KnownOnce<Value> {
  private let make: () throws -> Value
  private var known: Value?

  init(_ make: @escaping () throws -> Value) { self.make = make }

  func value() throws -> Value {
    if let known { return known }
    let value = try make()
    known = value
    return value
  }
}
