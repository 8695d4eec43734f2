import Glibc
import Testing
import XAIImages
import XAITensor

@Suite("Damaged image files", .serialized)
struct MutationTests {
  @Test(
    "no damage makes a decoder crash, fail in another way or take much memory",
    arguments: [
      "rgb_420.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "exif_rotated.jpg", "restart.jpg",
      "rgb.png", "palette.png", "gray_alpha_16bit.png", "interlaced.png",
    ])
  func mutations(name: String) throws {
    let original = try Fixture.bytes(name)
    let expected = try RGBImage(bytes: original, name: name)
    let memoryBefore = peakMemory()
    var random = RandomStream(seed: 1, purpose: "mutation/" + name)
    var refused = 0
    for _ in 0..<2000 {
      let damaged = mutated(original, &random)
      do {
        let image = try RGBImage(bytes: damaged, name: name)
        #expect(image.pixels.count == image.height * image.width * 3)
      } catch {
        refused += 1
        #expect(error.kind == .badData)
        #expect(error.description.hasPrefix("'\(name)': "))
      }
    }
    #expect(refused > 200)
    #expect(peakMemory() - memoryBefore < 150 << 20)
    #expect(try RGBImage(bytes: original, name: name) == expected)
  }

  /// One of: a changed byte, several changed bytes, a flipped bit, bytes removed, bytes doubled.
  private func mutated(_ original: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var bytes = original
    // Half of the damage goes to the headers, where it does most harm.
    let reach = random.integer(below: 2) == 0 ? min(64, bytes.count) : bytes.count
    let start = random.integer(below: reach)
    switch random.integer(below: 5) {
    case 0: bytes[start] = UInt8(random.integer(below: 256))
    case 1:
      for _ in 0..<random.integer(below: 16) {
        bytes[random.integer(below: reach)] = UInt8(random.integer(below: 256))
      }
    case 2: bytes[start] ^= 1 << UInt8(random.integer(below: 8))
    case 3: bytes.removeSubrange(start..<min(bytes.count, start + random.integer(below: 32)))
    default:
      let end = min(bytes.count, start + random.integer(below: 32))
      bytes.insert(contentsOf: original[start..<end], at: end)
    }
    return bytes
  }

  /// The largest resident memory so far, in bytes.
  private func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
