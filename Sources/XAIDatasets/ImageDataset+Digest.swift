extension ImageDataset {
  /// SHA-256 over the ids of the classes in their order, as 64 hexadecimal digits.
  public var classDigest: String { DatasetDigest(classes: classes).value }

  /// SHA-256 over the names and labels of the images of a split, as 64 hexadecimal digits.
  /// - Parameter split: The split.
  /// - Returns: The digest.
  public func digest(of split: Split) -> String {
    var digest = DatasetDigest(classes: [])
    let labels = (0..<count(of: split)).map { label(at: $0, of: split) }
    digest.append(split.rawValue, labels: labels, classes: classes.count) {
      (name(at: $0, of: split), 0)
    }
    return digest.value
  }
}
