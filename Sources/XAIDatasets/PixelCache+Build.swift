import Glibc

extension PixelCache {
  /// Decodes every image into a new cache, which appears at its place only when it is whole.
  ///
  /// The caller holds the lock, so the unfinished file beside is nobody else's; one that a killed
  /// process left behind is written over. No `fsync`: checksums find what a crash of the machine
  /// may spoil, and 1.4 GB would take as long to sync as to decode.
  static func build(_ path: String, by pass: DecodingPass) throws(DatasetFailure) {
    let unfinished = path + ".partial"
    do throws(SystemError) {
      try write(to: unfinished, by: pass)
      guard rename(unfinished, path) == 0 else { throw SystemError() }
    } catch {
      unlink(unfinished)
      throw error
    }
  }

  private static func write(to path: String, by pass: DecodingPass) throws(DatasetFailure) {
    let images = pass.images
    let count = images.count
    let size = (height: pass.decoder.height, width: pass.decoder.width)
    var header = Header(images, height: size.height, width: size.width, tables: 0)
    let place = header
    let file = try calling(path, header) { () throws(SystemError) in
      let file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_TRUNC)
      try file.reserve(place.fileLength)
      return file
    }
    let records = Monitor((extents: [UInt64](repeating: 0, count: count), checksums: [UInt64](repeating: 0, count: count)))
    try pass.run { (first, extents, pixels) throws(DatasetFailure) in
      let bytes = place.bytesPerImage
      let sums = extents.indices.map {
        checksum(UnsafeRawBufferPointer(rebasing: pixels[($0 * bytes)..<(($0 + 1) * bytes)]))
      }
      records.change {
        for (index, extent) in extents.enumerated() {
          $0.extents[first + index] = extent.word
          $0.checksums[first + index] = sums[index]
        }
      }
      try calling(path, place) { () throws(SystemError) in
        try file.write(pixels, at: place.pixels + first * bytes)
      }
    }
  }
}
