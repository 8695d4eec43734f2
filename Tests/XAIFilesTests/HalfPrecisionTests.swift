import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct HalfPrecisionTests {
  /// What is written for numbers: the last bytes of a file with one tensor.
  private func written(_ numbers: [Float]) throws -> [UInt16] {
    let folder = try TemporaryFolder()
    let path = folder.file("halves.safetensors")
    try SafetensorsFile.write(
      [("x", .float16(Tensor(shape: [numbers.count], numbers)))], metadata: [:], to: path)
    let bytes = try WholeFile.read(path).suffix(2 * numbers.count)
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  /// The value of a finite half by its definition (IEEE 754-2008, 3.4).
  private func value(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
    let magnitude =
      exponent == 0
      ? fraction * 0x1p-24
      : (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  private let finite = (UInt16(0)..<0x7C00).flatMap { [$0, $0 | 0x8000] }

  @Test func `every finite half is written as itself`() throws {
    #expect(try written(finite.map(value)) == finite)
  }

  @Test func `a number between two halves becomes the nearer one, in the middle the even one`()
    throws
  {
    for sign in [UInt16(0), 0x8000] {
      let lower = Array(UInt16(0)..<0x7BFF)
      func between(_ share: Float) -> [Float] {
        lower.map { bits in
          let (low, high) = (value(bits | sign), value((bits + 1) | sign))
          return low + (high - low) * share
        }
      }
      #expect(try written(between(0.25)) == lower.map { $0 | sign })
      #expect(try written(between(0.75)) == lower.map { ($0 + 1) | sign })
      #expect(try written(between(0.5)) == lower.map { ($0 + $0 % 2) | sign })
    }
  }

  @Test func `what is too large is infinite, and no number stays none`() throws {
    let numbers: [Float] = [65_519.996, 65_520, -1e38, .infinity, -.infinity, 1e-9, -1e-9, .nan]
    let bits = try written(numbers)
    #expect(bits.dropLast() == [0x7BFF, 0x7C00, 0xFC00, 0x7C00, 0xFC00, 0, 0x8000])
    #expect(bits[7] & 0x7C00 == 0x7C00 && bits[7] & 0x3FF != 0)
  }

  @Test func `a file says that its numbers have 16 bits, and they read as numbers`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("halves.safetensors")
    try SafetensorsFile.write(
      [("x", .float16(Tensor(shape: [2, 2], [1, -0.5, 0.1, 3])))], metadata: [:], to: path)
    let read = try SafetensorsFile(path: path).tensor("x")
    #expect(read.shape == [2, 2] && read.elements == [1, -0.5, 0.0999755859375, 3])
  }
}
