import Foundation
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Data and pictures that people brought, with the numbers that PyTorch and Pillow give.
@Suite struct ForeignDataTests {
  @Test func `a byte order mark before the first class is skipped`() throws {
    let reports = try Reports()
    try reports.copy(Reports.path("wnids-bom.txt"), to: "d0/wnids.txt")
    let result = try reports.evaluate("nometa.safetensors")
    result.expect(0)
    #expect(result.standardOutput.contains("top-1 83.33 %"))
  }

  @Test(arguments: ["d0-blank", "d0-png"])
  func `blanks in names and PNG files with the ending of JPEG files are read`(
    _ data: String
  ) throws {
    let result = try Reports(unpacking: [data]).evaluate("nometa.safetensors", data: data)
    result.expect(0)
    #expect(result.standardOutput.contains("top-1 83.33 %"))
    #expect(result.standardOutput.contains("loss 0.5907"))
  }

  private func train(_ reports: Reports, _ more: [String], data: String = "d0") throws
    -> ProgramResult
  {
    try runProgram(
      "xai-train",
      [
        "--data", reports.file(data), "--cache", "none", "--architecture",
        Reports.path("arch16.json"), "--batch-size", "16", "--threads", "1", "--output",
        reports.file("run"),
      ] + more)
  }

  @Test func `data of PNG files train, and so do data with a faulty file that lost no pixel`()
    throws
  {
    let reports = try Reports(unpacking: ["d0", "d0-png"])
    try train(reports, ["--epochs", "2"], data: "d0-png").expect(0)
    let folder = reports.file("d0/train/n01/images")
    let first = try #require(try Folder.entries(of: folder).first)
    try reports.copy(Reports.path("images/ff00_header.jpg"), to: "d0/train/n01/images/\(first)")
    let other = reports.file("other")
    try train(reports, ["--epochs", "1", "--output", other]).expect(0, first)
  }

  @Test func `the best model is that of the lowest validation loss, whatever counts for patience`()
    throws
  {
    let reports = try Reports()
    try train(
      reports,
      [
        "--schedule", "constant", "--learning-rate", "0.05", "--min-delta", "0.3", "--epochs", "8",
      ]
    ).expect(0)
    let rows = try WholeFile.readText(reports.file("run/metrics.csv")).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let column = try #require(rows[0].firstIndex(of: "validation_loss"))
    let losses = rows.dropFirst().map { Double($0[column]) ?? .infinity }
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] }) + 1
    let summary = try JSONSerialization.jsonObject(
      with: Data(try WholeFile.read(reports.file("run/summary.json"))))
    #expect((summary as? [String: Any])?["best_epoch"] as? Int == best)
    let model = try SafetensorsFile(path: reports.file("run/bestmodel.safetensors"))
    #expect(model.metadata["epoch"] == "\(best)")
  }

  /// The pictures as Pillow reads them, within so many of 255.
  @Test(arguments: [
    ("probe16x24.safetensors", "ff00_header.jpg", 1.0),
    ("probe16x24.safetensors", "bil300.png", 0), ("probe24x16.safetensors", "exif6.png", 0),
  ])
  func `pictures reach the network with every pixel`(
    _ probe: String, _ image: String, _ tolerance: Double
  ) throws {
    let reports = try Reports()
    let result = try reports.attribute(
      probe, image: image, ["--method", "input", "--target", "0"])
    result.expect(0)
    if image == "ff00_header.jpg" { result.expect(0, "ff00_header") }
    let folder = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: reports.file("out"))
        .first { $0.hasSuffix("maps.safetensors") })
    let map = try SafetensorsFile(path: reports.file("out/\(folder)")).tensor("input")
    // [C, H, W] here, [H, W, C] there.
    let (height, width) = (map.shape[1], map.shape[2])
    let expected =
      image == "bil300.png"
      ? [Double](repeating: 255, count: map.count)
      : try SafetensorsFile(path: Reports.path("pixels.safetensors")).doubles(image)
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<3 {
          let value = 255 * Double(map.elements[(channel * height + row) * width + column])
          let wanted = expected[(row * width + column) * 3 + channel]
          #expect(abs(value - wanted) <= tolerance + 1e-3, "\(image) at \(row), \(column)")
        }
      }
    }
  }

  @Test func `every map that is zero everywhere is said to be`() throws {
    let reports = try Reports()
    try reports.attribute(
      "ndead.safetensors",
      [
        "--method", "all", "--target", "0", "--parameters",
        #"{"steps": 4, "rise": {"cells": 3, "masks": 50}}"#,
      ]
    ).expect(0)
    let folder = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: reports.file("out"))
        .first { $0.hasSuffix("maps.safetensors") })
    let maps = try SafetensorsFile(path: reports.file("out/\(folder)"))
    let images = try #require(try reports.results()["images"] as? [[String: Any]])
    let targets = images.flatMap { $0["targets"] as? [[String: Any]] ?? [] }
    let records = targets.flatMap { $0["maps"] as? [[String: Any]] ?? [] }
    #expect(records.count == maps.entries.count && records.count > 30)
    for record in records {
      let method = try #require(record["method"] as? String)
      let map = try maps.tensor(method)
      #expect(map.isFinite, "\(method)")
      let notes = try #require(record["notes"] as? [String])
      #expect(
        notes.contains { $0.contains("zero") } == map.elements.allSatisfy { $0 == 0 }, "\(method)")
    }
  }

  @Test func `what cannot be explained is refused with the reason`() throws {
    let reports = try Reports()
    try reports.attribute(
      "n4.safetensors", ["--method", "saliency", "--noise", "var-grad", "--noise-samples", "1"]
    ).expect(64, "sample")
    for method in ["lime", "rise"] {
      try reports.attribute("n1.safetensors", ["--method", method, "--target", "0"])
        .expect(64, "probability")
    }
  }
}
