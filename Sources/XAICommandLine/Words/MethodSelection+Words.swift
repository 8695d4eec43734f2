public import XAIAttribution
import XAITensor

extension MethodSelection {
  /// Reads `ID,GROUP,...`.
  /// - Parameters:
  ///   - text: Such as `saliency,group4`.
  ///   - entries: The methods to choose from.
  /// - Throws: `AttributionFailure` where there is no such method or group; `CommandFailure` where there is no
  ///   word.
  public init(_ text: String, from entries: [MethodEntry] = MethodCatalog.entries) throws {
    do {
      try self.init(text.split(separator: ",").map(\.trimmingSpaces), from: entries)
    } catch {
      guard error.code == .noMethod else { throw error }
      throw CommandFailure(.form, "'\(text)' chooses no method; write ID,ID or relevance")
    }
  }
}
