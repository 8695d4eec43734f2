extension SegmentMap {
  /// Makes every segment connected over edges of pixels.
  ///
  /// Pieces are numbered in the order in which rows meet them; a piece below the smallest size joins
  /// the piece above or to the left of its first pixel (Achanta et al. 2012, section 3.2).
  /// - Parameters:
  ///   - labels: `[H, W]`, row-major, any numbers.
  ///   - height: H.
  ///   - width: W.
  ///   - smallest: The size below which a piece joins its neighbour.
  package init(connecting labels: [Int], height: Int, width: Int, smallest: Int) {
    var pieces = Array(repeating: -1, count: labels.count)
    var count = 0
    for first in labels.indices where pieces[first] < 0 {
      let neighbour =
        first % width > 0 ? pieces[first - 1] : first >= width ? pieces[first - width] : -1
      let members = Self.piece(of: first, labels, pieces, height: height, width: width)
      let joins = members.count < smallest && neighbour >= 0
      for pixel in members { pieces[pixel] = joins ? neighbour : count }
      if !joins { count += 1 }
    }
    self.init(checked: pieces, height: height, width: width, count: count)
  }

  /// The pixels that are connected with one of the same label and belong to no piece yet.
  private static func piece(
    of first: Int, _ labels: [Int], _ pieces: [Int], height: Int, width: Int
  ) -> [Int] {
    var members = [first]
    var found: Set<Int> = [first]
    var next = 0
    while next < members.count {
      let pixel = members[next]
      let (row, column) = (pixel / width, pixel % width)
      next += 1
      for (y, x) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
      where 0..<height ~= y && 0..<width ~= x {
        let other = y * width + x
        guard labels[other] == labels[first], pieces[other] < 0 else { continue }
        if found.insert(other).inserted { members.append(other) }
      }
    }
    return members
  }
}
