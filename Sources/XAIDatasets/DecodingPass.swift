import XAITensor

/// One walk over all image files on several threads, in pieces of consecutive images.
struct DecodingPass: Sendable {
  /// Images per piece: long enough to write at once, short enough to stop soon.
  private static let pieceLength = 32

  let images: ImageTable
  let decoder: ImageDecoder
  let threads: Int
  /// Whether images that cannot be read are passed on as black pixels instead of stopping.
  let goesOnWhenUnreadable: Bool
  let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Receives decoded images: the number of the first, the sizes in the files, the pixels.
  typealias Receiver =
    @Sendable (Int, [ImageExtent], UnsafeRawBufferPointer) throws(DatasetFailure) -> Void

  private struct State {
    var next = 0
    var done = 0
    /// The failure of the lowest image: which one is reported must not depend on the threads.
    var failure: (index: Int, reason: DatasetFailure)?
  }

  /// Decodes every image.
  /// - Parameter receive: Called on several threads, once for each piece.
  /// - Throws: `DatasetFailure` of the first image that cannot be read, or of the receiver.
  func run(_ receive: @escaping Receiver) throws(DatasetFailure) {
    let state = Monitor(State())
    BackgroundThread.run(threads) { _ in
      let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: Self.pieceLength * decoder.bytesPerImage)
      defer { buffer.deallocate() }
      while let piece = state.change({ claim(&$0) }) {
        var index = piece.lowerBound
        do throws(DatasetFailure) {
          var extents: [ImageExtent] = []
          while index < piece.upperBound {
            extents.append(try decode(index, at: index - piece.lowerBound, of: buffer))
            index += 1
          }
          let used = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(buffer)[..<(piece.count * decoder.bytesPerImage)])
          try receive(piece.lowerBound, extents, used)
          state.change {
            $0.done += piece.count
            progress?($0.done, images.count)
          }
        } catch {
          state.change { if index < $0.failure?.index ?? .max { $0.failure = (index, error) } }
        }
      }
    }
    if let failure = state.change({ $0.failure }) { throw failure.reason }
  }

  /// Decodes every image to learn which cannot be read.
  /// - Returns: The numbers of those.
  /// - Throws: `DatasetFailure` if that is not to be gone on from.
  func unreadable() throws(DatasetFailure) -> Set<Int> {
    let found = Monitor(Set<Int>())
    try run { (first, extents, _) in
      found.change { found in
        for (offset, extent) in extents.enumerated() where extent == .unreadable {
          found.insert(first + offset)
        }
      }
    }
    return found.change { $0 }
  }

  private func claim(_ state: inout State) -> Range<Int>? {
    guard state.failure == nil, state.next < images.count else { return nil }
    let first = state.next
    state.next = min(first + Self.pieceLength, images.count)
    return first..<state.next
  }

  private func decode(
    _ index: Int, at slot: Int, of buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) -> ImageExtent {
    let bytes = decoder.bytesPerImage
    let pixels = UnsafeMutableBufferPointer(
      rebasing: buffer[(slot * bytes)..<((slot + 1) * bytes)])
    do {
      return try decoder.decode(index, of: images, into: pixels)
    } catch {
      guard goesOnWhenUnreadable, error.code == .unreadable else { throw error }
      pixels.update(repeating: 0)
      return .unreadable
    }
  }
}
