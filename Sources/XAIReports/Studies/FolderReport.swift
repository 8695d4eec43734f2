import XAIFiles
import XAIImages
import XAITensor

/// A report that fills a folder.
public protocol FolderReport {
  /// Writes all files of the report.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  func write(to folder: String, progress: (Double) throws -> Void) throws
}

/// The files of a report of a planned experiment: results, tables, plots, pictures and a page.
struct ReportFiles {
  /// A table as comma-separated values.
  struct Table {
    let name: String
    let header: [String]
    let rows: [[String]]

    /// Describes a table: the file's name, its columns, and rows of fields that are ready.
    init(_ name: String, header: [String], rows: [[String]]) {
      (self.name, self.header, self.rows) = (name, header, rows)
    }
  }

  /// `results.json`.
  let results: any Encodable & Sendable
  let tables: [Table]
  /// Plots by the names of their files.
  let plots: [(name: String, plot: any DrawnPlot)]
  /// Pictures by the names of their files, without their endings.
  var pictures: [(name: String, picture: RGBImage)] = []
  let page: String

  func write(to folder: String, progress: (Double) throws -> Void) throws {
    try Folder.create(folder)
    try AtomicFile.write(
      try JSONText.encode(results), to: "\(folder)/results.json", durability: .later)
    for table in tables {
      let text = ([table.header] + table.rows).map(CSV.row).joined()
      try AtomicFile.write(text, to: "\(folder)/\(table.name).csv", durability: .later)
    }
    if !plots.isEmpty { try Folder.create("\(folder)/plots") }
    if !pictures.isEmpty { try Folder.create("\(folder)/pictures") }
    let steps = Double(plots.count + pictures.count + 1)
    for (index, (name, plot)) in plots.enumerated() {
      try plot.write(to: "\(folder)/plots/\(name)")
      try progress(Double(index + 1) / steps)
    }
    for (index, (name, picture)) in pictures.enumerated() {
      try AtomicFile.write(
        try PNG.encode(picture, isDrawn: true), to: "\(folder)/pictures/\(name).png",
        durability: .later)
      try progress(Double(plots.count + index + 1) / steps)
    }
    try AtomicFile.write(page, to: "\(folder)/index.html", durability: .later)
    try Folder.synchronizeAll(in: folder)
    try progress(1)
  }
}

extension ReportFiles.Table {
  /// A number as a field; empty without one.
  static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
