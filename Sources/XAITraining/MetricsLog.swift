import XAIFiles
import XAITensor

/// `metrics.csv`: one row per finished epoch.
///
/// The whole file is written again each time, atomically: an interrupted run leaves no half row,
/// and a resumed one no row of an epoch that it repeats.
public enum MetricsLog {
  /// The header line.
  public static let header = EpochMetrics.CodingKeys.allCases.map(\.rawValue)
    .joined(separator: ",")

  /// The file's text, with the shortest numbers that read back to the same `Double`.
  /// - Parameter epochs: The rows.
  /// - Returns: The header and the rows, each ended by a newline.
  public static func text(_ epochs: [EpochMetrics]) -> String {
    var lines = [header]
    for metrics in epochs {
      let numbers = EpochMetrics.columns.map { $0.text(metrics) }
      lines.append((["\(metrics.epoch)"] + numbers).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes the file, replacing an older one.
  /// - Parameters:
  ///   - epochs: The rows.
  ///   - path: The file.
  /// - Throws: `TrainingFailure` when the file cannot be written; the older one is then intact.
  public static func write(_ epochs: [EpochMetrics], to path: String) throws(TrainingFailure) {
    do { try AtomicFile.write(text(epochs), to: path) } catch { throw TrainingFailure(error) }
  }

  /// Reads a file that `write` wrote.
  /// - Parameter path: The file.
  /// - Returns: Its rows.
  /// - Throws: `TrainingFailure` when the file is missing or is not as `write` writes it.
  public static func read(_ path: String) throws(TrainingFailure) -> [EpochMetrics] {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch { throw TrainingFailure(error) }
    return try parse(String(decoding: bytes, as: UTF8.self), name: path)
  }

  /// Reads the text of a file.
  /// - Parameters:
  ///   - text: The text.
  ///   - name: The file's name in messages.
  /// - Returns: The rows.
  /// - Throws: `TrainingFailure` of kind `badData` that names the line.
  public static func parse(
    _ text: String, name: String
  ) throws(TrainingFailure) -> [EpochMetrics] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last == "" { lines.removeLast() }
    // Logs from before the last two columns have the others.
    let older = header.split(separator: ",").dropLast(2).joined(separator: ",")
    guard let first = lines.first.map(String.init), first == header || first == older else {
      throw TrainingFailure(
        .badData,
        "\(name) is no metrics log: its first line is \"\(lines.first ?? "")\", not \"\(header)\"")
    }
    var epochs: [EpochMetrics] = []
    for (index, line) in lines.enumerated().dropFirst() {
      let metrics = try row(
        line, columns: first.split(separator: ",").count, at: "\(name), line \(index + 1)")
      if let previous = epochs.last, metrics.epoch <= previous.epoch {
        throw TrainingFailure(
          .badData,
          "\(name), line \(index + 1): epoch \(metrics.epoch) follows epoch \(previous.epoch)")
      }
      epochs.append(metrics)
    }
    return epochs
  }

  private static func row(
    _ line: Substring, columns: Int, at place: String
  ) throws(TrainingFailure) -> EpochMetrics {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == columns else {
      throw TrainingFailure(
        .badData, "\(place): expected \(columns) fields, found \(fields.count)")
    }
    guard let epoch = Int(fields[0]) else {
      throw TrainingFailure(.badData, "\(place): the epoch \"\(fields[0])\" is no whole number")
    }
    var metrics = EpochMetrics(
      epoch: epoch, learningRate: 0, trainLoss: 0, trainTop1: 0, validationLoss: nil,
      validationTop1: 0, validationTop5: 0, imagesPerSecond: 0, seconds: 0)
    for (column, field) in zip(EpochMetrics.columns, fields.dropFirst()) {
      let number = Double(field)
      guard number != nil || field.isEmpty, column.write(&metrics, number) else {
        throw TrainingFailure(
          .badData, "\(place): the \(column.key.rawValue) \"\(field)\" is no number")
      }
    }
    return metrics
  }
}
