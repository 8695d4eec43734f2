/// The markers between which a JPEG file's segments lie.
enum JPEGMarkers {
  /// Finds the next marker that is followed by a segment with a length, over stray bytes as libjpeg does.
  /// - Parameters:
  ///   - bytes: The file.
  ///   - position: Where to begin.
  /// - Returns: The marker, and where its segment begins with its length; nothing at the end.
  static func next<Bytes: RandomAccessCollection<UInt8>>(
    in bytes: Bytes, from position: Int
  ) -> (marker: UInt8, start: Int)? where Bytes.Index == Int {
    var position = position
    while position + 1 < bytes.endIndex {
      let marker = bytes[position + 1]
      // FF 00 is no marker, FF before FF fills, and FF D0 to D9 and FF 01 stand alone.
      if bytes[position] == 0xFF, marker != 0, marker != 0xFF {
        guard marker != 0xD9 else { return nil }
        if marker != 0x01, !(0xD0...0xD8 ~= marker) { return (marker, position + 2) }
      }
      position += 1
    }
    return nil
  }
}
