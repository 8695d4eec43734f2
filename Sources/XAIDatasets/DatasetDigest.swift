import XAIFiles

/// Tells data sets apart: by their classes, and by the names, labels and lengths of their images.
///
/// Neither the folder's name nor its path matters, and no pixel is read. Images go in by list and class,
/// so that layouts that say the same give the same digest.
struct DatasetDigest {
  private var text: [UInt8] = []

  /// Begins with what there is to recognize.
  /// - Parameter classes: The classes in the order of the labels.
  init(classes: [ClassLabel]) {
    append(["classes", "\(classes.count)"])
    for label in classes { append([label.id]) }
  }

  /// Adds a list of images.
  /// - Parameters:
  ///   - list: What the list is called.
  ///   - labels: The class of each image; a negative one is left out.
  ///   - classes: The number of classes.
  ///   - name: The name and length in bytes of an image.
  mutating func append(
    _ list: String, labels: [Int], classes: Int, _ name: (Int) -> (name: String, size: Int64)
  ) {
    append([list, "\(labels.count)"])
    var members = [[Int]](repeating: [], count: classes)
    for (index, label) in labels.enumerated() where label >= 0 { members[label].append(index) }
    for (label, indices) in members.enumerated() {
      for index in indices {
        let image = name(index)
        append(["\(label)", "\(image.size)", image.name])
      }
    }
  }

  /// 64 hexadecimal digits.
  var value: String { SHA256.of(text) }

  private mutating func append(_ fields: [String]) {
    // With its length before it, no name can be taken for two.
    for field in fields {
      text.append(contentsOf: "\(field.utf8.count):".utf8)
      text.append(contentsOf: field.utf8)
    }
    text.append(UInt8(ascii: "\n"))
  }
}

extension ImageDataset {
  /// SHA-256 over the ids of the classes and, split by split, the names and labels of all images, as 64
  /// hexadecimal digits.
  public var digest: String {
    var digest = DatasetDigest(classes: classes)
    for split in Split.allCases {
      let labels = (0..<count(of: split)).map { label(at: $0, of: split) }
      digest.append(split.rawValue, labels: labels, classes: classes.count) {
        (name(at: $0, of: split), 0)
      }
    }
    return digest.value
  }
}
