/// Sums over the pixels of many images, exact.
struct PixelStatistics: Sendable {
  /// The number of images.
  private(set) var count: UInt64 = 0
  /// The sum of every byte of an image, in the order of the bytes.
  private(set) var sums: [UInt64]
  /// The sums of the squares of red, green and blue.
  private(set) var squares: [UInt64] = [0, 0, 0]

  /// So many bytes of at most 255 fit into 16 bits.
  private static let imagesPerFlush = 257

  init(bytesPerImage: Int) { sums = Array(repeating: 0, count: bytesPerImage) }

  /// Adds some images of a split.
  init(_ dataset: some ImageDataset, _ split: Split, _ range: Range<Int>) throws(DatasetFailure) {
    self.init(bytesPerImage: dataset.bytesPerImage)
    let pixels = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: sums.count)
    defer { pixels.deallocate() }
    var recent = [UInt16](repeating: 0, count: sums.count)
    for index in range {
      try dataset.readPixels(at: index, of: split, into: pixels)
      add(pixels, to: &recent)
      if count.isMultiple(of: UInt64(Self.imagesPerFlush)) { flush(&recent) }
    }
    flush(&recent)
  }

  /// Adds the sums of other images.
  mutating func add(_ other: PixelStatistics) {
    count += other.count
    for index in sums.indices { sums[index] += other.sums[index] }
    for channel in squares.indices { squares[channel] += other.squares[channel] }
  }

  private mutating func add(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, to recent: inout [UInt16]
  ) {
    count += 1
    // 48 bytes are 16 whole pixels, so that every lane always sees the same channel.
    var lanes = (SIMD16<UInt32>(), SIMD16<UInt32>(), SIMD16<UInt32>())
    let bytes = UnsafeRawBufferPointer(pixels)
    let whole = bytes.count / 48 * 48
    recent.withUnsafeMutableBytes { recent in
      func square(_ offset: Int) -> SIMD16<UInt32> {
        let narrow = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
        let values = SIMD16<UInt16>(truncatingIfNeeded: narrow)
        let sum = recent.loadUnaligned(fromByteOffset: 2 * offset, as: SIMD16<UInt16>.self)
        recent.storeBytes(
          of: sum &+ values, toByteOffset: 2 * offset, as: SIMD16<UInt16>.self)
        return SIMD16<UInt32>(truncatingIfNeeded: values &* values)
      }
      for offset in stride(from: 0, to: whole, by: 48) {
        lanes.0 &+= square(offset)
        lanes.1 &+= square(offset + 16)
        lanes.2 &+= square(offset + 32)
      }
    }
    for lane in 0..<16 {
      squares[lane % 3] += UInt64(lanes.0[lane])
      squares[(lane + 16) % 3] += UInt64(lanes.1[lane])
      squares[(lane + 32) % 3] += UInt64(lanes.2[lane])
    }
    for index in whole..<pixels.count {
      recent[index] += UInt16(pixels[index])
      squares[index % 3] += UInt64(pixels[index]) * UInt64(pixels[index])
    }
  }

  private mutating func flush(_ recent: inout [UInt16]) {
    for index in sums.indices {
      sums[index] += UInt64(recent[index])
      recent[index] = 0
    }
  }
}
