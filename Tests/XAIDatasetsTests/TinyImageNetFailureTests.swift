import Testing
import XAIDatasets
import XAITensor

@Suite struct TinyImageNetFailureTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: FailureKind
    var sentence: String
    var cause: @Sendable (DataFolder) throws -> Void

    init(
      _ name: String, _ kind: FailureKind, _ sentence: String,
      cause: @escaping @Sendable (DataFolder) throws -> Void
    ) {
      (testDescription, self.kind, self.sentence, self.cause) = (name, kind, sentence, cause)
    }
  }

  static let lists: [Fault] = [
    Fault(
      "no folder", .missingInput, "cannot read 'DATA/wnids.txt': it does not exist; check the path"
    ) {
      try $0.remove("")
    },
    Fault(
      "no classes", .badData,
      "'DATA/wnids.txt' names no class; expected at least one line with a wnid such as n01443537"
    ) { try $0.write("\n", "wnids.txt") },
    Fault(
      "two words in a line of wnids.txt", .badData,
      "'DATA/wnids.txt', line 2: expected one wnid such as n01443537, found 'n01 goldfish'"
    ) { try $0.write("n03\nn01 goldfish\nn02\n", "wnids.txt") },
    Fault(
      "a path as wnid", .badData,
      "'DATA/wnids.txt', line 1: expected one wnid such as n01443537, found '../n03'"
    ) { try $0.write("../n03\n", "wnids.txt") },
    Fault(
      "a wnid twice", .badData,
      "'DATA/wnids.txt', line 3: 'n03' is class 0 already; expected every wnid once"
    ) { try $0.write("n03\nn01\nn03\n", "wnids.txt") },
    Fault(
      "an unknown class folder", .badData,
      "'DATA/train/n09' is none of the 3 classes of 'DATA/wnids.txt'; add a line with its name there "
        + "or move the folder away"
    ) { try $0.writeImage("train/n09/images/a.JPEG", seed: 1) },
    Fault(
      "no validation folder", .missingInput,
      "cannot read the folder 'DATA/val/images': No such file or directory; a folder of images is "
        + "expected there, in the layout of Tiny ImageNet"
    ) { try $0.remove("val") },
    Fault(
      "no validation annotations", .missingInput,
      "cannot read 'DATA/val/val_annotations.txt': it does not exist; check the path"
    ) { try $0.remove("val/val_annotations.txt") },
  ]

  static let annotations: [Fault] = [
    Fault(
      "a word instead of a coordinate", .badData,
      "'DATA/train/n01/n01_boxes.txt', line 2: expected a file name and x0 y0 x1 y1, "
        + "found 'n01_1.JPEG 0 one 2 3'"
    ) {
      try $0.write("n01_0.JPEG\t0\t0\t1\t1\nn01_1.JPEG\t0\tone\t2\t3\n", "train/n01/n01_boxes.txt")
    },
    Fault(
      "a box whose corners are exchanged", .badData,
      "'DATA/train/n01/n01_boxes.txt', line 1: expected a file name and x0 y0 x1 y1, "
        + "found 'n01_0.JPEG 5 0 1 1'"
    ) { try $0.write("n01_0.JPEG\t5\t0\t1\t1\n", "train/n01/n01_boxes.txt") },
    Fault(
      "a line without its class", .badData,
      "'DATA/val/val_annotations.txt', line 1: expected a file name, a wnid and x0 y0 x1 y1, "
        + "found 'val_0.JPEG'"
    ) { try $0.write("val_0.JPEG\n", "val/val_annotations.txt") },
    Fault(
      "an unknown wnid", .badData,
      "'DATA/val/val_annotations.txt', line 3: 'n77' is none of the 3 classes of 'DATA/wnids.txt'"
    ) { try $0.write("\n\nval_0.JPEG\tn77\t0\t0\t1\t1\n", "val/val_annotations.txt") },
    Fault(
      "an image without a class", .badData,
      "'DATA/val/images/val_1.JPEG' has no line in 'DATA/val/val_annotations.txt', so its class is "
        + "unknown; unpack the data again or remove the image"
    ) { try $0.write("val_0.JPEG\tn01\t0\t0\t1\t1\n", "val/val_annotations.txt") },
  ]

  @Test(arguments: lists + annotations)
  func `faulty lists and folders are told in one sentence`(_ fault: Fault) throws {
    let folder = try DataFolder()
    try fault.cause(folder)
    #expect(try folder.failure() == DatasetFailure(fault.kind, fault.sentence))
  }

  @Test func `an unreadable image is named`() throws {
    let path = "train/n01/images/n01_4.JPEG"
    let folder = try DataFolder()
    let whole = try folder.bytes(path)
    for content in [[], Array(whole.prefix(whole.count / 2)), Array("GIF89a, not a JPEG".utf8)] {
      try folder.write(content, path)
      let failure = try #require(try folder.failure())
      #expect(failure.kind == .badData)
      #expect(failure.description.hasPrefix("'DATA/\(path)': "), "\(failure)")
    }
    #expect(throws: Never.self) { try folder.open { $0.cache = .none } }
  }

  @Test func `of several unreadable images the first is named, whatever the threads do`() throws {
    let folder = try DataFolder(imagesPerClass: 60)
    for number in [7, 30, 55] { try folder.write([], "train/n01/images/n01_\(number).JPEG") }
    try folder.write([], "val/images/val_0.JPEG")
    for _ in 0..<5 {
      let failure = try #require(try folder.failure())
      #expect(failure.description.hasPrefix("'DATA/train/n01/images/n01_30.JPEG': "))
    }
  }

  @Test(arguments: [-0.1, 1, .nan])
  func `an impossible validation fraction is refused`(_ fraction: Double) throws {
    let failure = try DataFolder().failure { $0.validationFraction = fraction }
    #expect(
      failure
        == DatasetFailure(
          .usage,
          "the validation fraction \(fraction) is impossible; give a number from 0 to below 1"))
  }
}
