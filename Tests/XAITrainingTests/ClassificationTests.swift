import XAIFiles
import Foundation
import Testing
import XAIDatasets
import XAITensor
import XAITraining

private func ranking(_ logits: [Float], label: Int = 0) -> ClassRanking {
  logits.withUnsafeBufferPointer { ClassRanking(logits: $0, label: label) }
}

@Suite struct ClassRankingTests {
  @Test func `the five likeliest classes come in order, ties by the lower index`() {
    #expect(ranking([1, 3, 2, 3, 0, 2, 2]).classes == [1, 3, 2, 5, 6])
    #expect(ranking([0, 0, 0, 0, 0, 0]).classes == [0, 1, 2, 3, 4])
    #expect(ranking([1, 2, 3, 4, 5, 6]).classes == [5, 4, 3, 2, 1])
    #expect(ranking([1, 2]).classes == [1, 0])
  }

  @Test func `probabilities and loss are those of softmax`() {
    // Weights 1, 2 and 5 of 8.
    let logits = [1.0, 2, 5].map { Float(log($0)) }
    let ranking = ranking(logits, label: 1)
    #expect(ranking.classes == [2, 1, 0])
    for (probability, expected) in zip(ranking.probabilities, [0.625, 0.25, 0.125]) {
      #expect(abs(probability - expected) < 1e-7)
    }
    #expect(abs(ranking.loss - log(4)) < 1e-7)
    #expect(ranking.confidence == ranking.probabilities[0])
  }

  @Test func `great logits do not overflow`() {
    let ranking = ranking([3e38, -3e38], label: 1)
    #expect(ranking.probabilities == [1, 0])
    #expect(ranking.loss == Double(Float(3e38)) * 2)
  }

  @Test func `a NaN ranks nothing`() {
    let ranking = ranking([.nan, 1, 2])
    #expect(ranking.predicted == nil)
    #expect(ranking.loss.isNaN)
    #expect(ranking.confidence.isNaN)
  }
}

@Suite struct ClassificationTallyTests {
  @Test func `hits, hits in five and the mean loss are counted`() {
    var tally = ClassificationTally()
    let equal = [Float](repeating: 0, count: 8)
    // Equal logits predict class 0 and rank 0 to 4 first; each has probability 1/8.
    tally.record(logits: Tensor(shape: [4, 8], equal + equal + equal + equal), labels: [0, 4, 5])
    #expect(tally.images == 3)
    #expect(tally.hits == 1)
    #expect(tally.hitsInFive == 2)
    #expect(tally.top1 == 1.0 / 3)
    #expect(tally.top5 == 2.0 / 3)
    #expect(abs(tally.loss - log(8)) < 1e-12)
  }

  @Test func `NaN logits are misses`() {
    var tally = ClassificationTally()
    tally.record(logits: Tensor(shape: [1, 2], [.nan, 0]), labels: [0])
    #expect(tally.hits == 0)
    #expect(tally.hitsInFive == 0)
    #expect(tally.undefined == 1)
    #expect(tally.loss.isNaN)
  }
}

@Suite struct CalibrationTests {
  @Test func `the error is the mean distance of accuracy and confidence, weighted by images`() {
    var calibration = Calibration(bins: 5)
    // Bin (0.8, 1]: 3 images, mean confidence 0.9, accuracy 2/3.
    calibration.record(confidence: 0.85, isHit: true)
    calibration.record(confidence: 0.9, isHit: true)
    calibration.record(confidence: 0.95, isHit: false)
    // Bin (0.2, 0.4]: 1 image, confidence 0.4 (its upper end), accuracy 0.
    calibration.record(confidence: 0.4, isHit: false)
    #expect(calibration.bins.map(\.images) == [0, 1, 0, 0, 3])
    let expected = (3 * (0.9 - 2.0 / 3) + 1 * 0.4) / 4
    #expect(abs(calibration.expectedError - expected) < 1e-12)
    #expect(abs(calibration.maximumError - 0.4) < 1e-12)
  }

  @Test func `a network that is always right and sure of it has no error`() {
    var calibration = Calibration()
    #expect(calibration.expectedError.isNaN)
    for _ in 0..<4 { calibration.record(confidence: 1, isHit: true) }
    #expect(calibration.bins.count == 15)
    #expect(calibration.bins[14].images == 4)
    #expect(calibration.expectedError == 0)
  }

  @Test func `a confidence of 0 is in the first bin`() {
    var calibration = Calibration()
    calibration.record(confidence: 0, isHit: false)
    #expect(calibration.bins[0].images == 1)
  }
}

@Suite struct ClassificationReportTests {
  /// Cats 0, dogs 1, and a third class whose name a spreadsheet would compute.
  private let classes = [
    ClassLabel(id: "n1", name: "cat, \"tabby\""), ClassLabel(id: "n2", name: "dog"),
    ClassLabel(id: "n3", name: "=1+1"),
  ]

  /// Four images: a cat right, a cat and a dog taken for the third class, a dog right.
  private func report() -> ClassificationReport {
    let (one, two, five) = (Float(0), Float(log(2.0)), Float(log(5.0)))
    var report = ClassificationReport(classes: classes)
    report.record(
      logits: Tensor(shape: [2, 3], [five, two, one, one, two, five]), labels: [0, 0],
      names: ["a.JPEG", "b.JPEG"])
    report.record(
      logits: Tensor(shape: [2, 3], [one, two, five, one, five, two]), labels: [1, 1],
      names: ["c.JPEG", "-d.JPEG"])
    return report
  }

  @Test func `the matrix has true classes in rows and predictions in columns`() {
    let confusion = report().confusion
    #expect(Array(confusion.row(0)) == [1, 0, 1])
    #expect(Array(confusion.row(1)) == [0, 1, 1])
    #expect(Array(confusion.row(2)) == [0, 0, 0])
    #expect(confusion.predictions(of: 2) == 2)
  }

  @Test func `the most confused pairs come first, ties by class`() {
    var report = report()
    #expect(report.confusion.mostConfused(limit: 9).map(\.label) == [0, 1])
    report.record(
      logits: Tensor(shape: [1, 3], [0, 0, 9]), labels: [1], names: ["e.JPEG"])
    let pairs = report.confusion.mostConfused(limit: 1)
    #expect(pairs.count == 1)
    #expect(pairs[0].label == 1)
    #expect(pairs[0].predicted == 2)
    #expect(pairs[0].images == 2)
    #expect(pairs[0].fraction == 2.0 / 3)
  }

  @Test func `totals agree with the images`() {
    let report = report()
    #expect(report.tally.images == 4)
    #expect(report.tally.top1 == 0.5)
    #expect(report.tally.top5 == 1)
    // The true class has 5/8, 1/8, 2/8 and 5/8.
    let loss = (2 * log(8.0 / 5) + log(8) + log(4)) / 4
    #expect(abs(report.tally.loss - loss) < 1e-7)
    // All confidences are 0.625, two of four are right.
    #expect(abs(report.calibration.expectedError - 0.125) < 1e-7)
  }

  @Test func `a class without images or predictions has no fractions`() {
    let results = report().classResults
    #expect(results[0].top1 == 0.5)
    #expect(results[0].precision == 1)
    #expect(results[2].top1.isNaN)
    #expect(results[2].precision == 0)
  }

  @Test func `per-class rows are safe to open in a spreadsheet`() {
    #expect(
      report().perClassCSV == """
        class,name,images,correct,top1,top5,predictions,precision
        n1,"cat, ""tabby""\",2,1,0.500000,1.000000,1,1.000000
        n2,dog,2,1,0.500000,1.000000,1,1.000000
        n3,'=1+1,0,0,,,2,0.000000

        """)
  }

  @Test func `confusion rows name the true class`() {
    #expect(
      report().confusionCSV == """
        true\\predicted,n1,n2,n3
        n1,1,0,1
        n2,0,1,1
        n3,0,0,0

        """)
  }

  @Test func `each prediction has a row`() {
    let rows = report().predictionsCSV.split(separator: "\n")
    #expect(rows.count == 5)
    #expect(
      rows[0] == """
        image,true,true_name,predicted,predicted_name,correct,confidence,loss,top5,\
        top5_probabilities
        """)
    #expect(
      rows[2] == """
        b.JPEG,n1,"cat, ""tabby""\",n3,'=1+1,0,0.625000,2.079442,n3 n2 n1,\
        0.625000 0.250000 0.125000
        """)
    #expect(rows[4].hasPrefix("-d.JPEG,n2,dog,n2,dog,1,0.625000,0.470004,n2 n3 n1,"))
  }

  @Test func `an undefined output has an empty prediction`() {
    var report = ClassificationReport(classes: classes)
    report.record(logits: Tensor(shape: [1, 3], [.nan, 0, 0]), labels: [1], names: ["x"])
    #expect(report.predictionsCSV.hasSuffix("\nx,n2,dog,,,0,,,,\n"))
    #expect(Array(report.confusion.row(1)) == [0, 0, 0])
    #expect(report.classResults[1].images == 1)
  }

  @Test(arguments: [Float.infinity, -.infinity])
  func `an infinite logit leaves the output undefined`(logit: Float) {
    var report = ClassificationReport(classes: classes)
    report.record(logits: Tensor(shape: [1, 3], [0, logit, 0]), labels: [1], names: ["x"])
    #expect(report.tally.undefined == 1 && report.tally.hits == 0 && report.tally.loss.isNaN)
  }
}

@Suite struct CSVTests {
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
    ("a\r\nb", "\"a\r\nb\""), ("=SUM(A1)", "'=SUM(A1)"), ("+1", "'+1"), ("-1", "-1"),
    ("-x.png", "-x.png"),
    ("@x", "'@x"), ("\tx", "'\tx"), ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("a=b", "a=b"),
    ("\"\u{301}", "\"\"\"\u{301}\""),
  ])
  func `text is quoted and no formula`(text: String, field: String) {
    #expect(CSV.field(text) == field)
  }

  @Test func `a row ends with a line feed`() { #expect(CSV.row(["a", "1"]) == "a,1\n") }
}
