import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct ElementTypeTests {
  /// A file with one tensor `a` of any type.
  private func file<Element: BitwiseCopyable>(
    _ type: String, _ elements: [Element]
  ) throws -> SafetensorsFile {
    let data = elements.withUnsafeBytes { Array($0) }
    let header =
      #"{"a":{"dtype":"\#(type)","shape":[\#(elements.count)],"data_offsets":[0,\#(data.count)]}}"#
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    try AtomicFile.write(length + Array(header.utf8) + data, to: path)
    return try SafetensorsFile(path: path)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("Each of the 65,536 half-precision numbers is exact")
    func halfPrecision() throws {
      let bits = (0...UInt16.max).map { $0 }
      let elements = try file("F16", bits).tensor("a").elements
      for (bits, element) in zip(bits, elements) {
        let expected = Float(Float16(bitPattern: bits))
        let isSame =
          expected.isNaN ? element.isNaN : element.bitPattern == expected.bitPattern
        #expect(isSame, "\(bits) gave \(element), expected \(expected)")
      }
    }
  #endif

  @Test("A bfloat16 is the upper half of a Float32")
  func brainFloat() throws {
    let values: [Float] = [1, -2.5, 0, -0.0, .infinity, 0x1p-130]
    let bits = values.map { UInt16($0.bitPattern >> 16) }
    #expect(try file("BF16", bits).tensor("a") == Tensor(shape: [6], values))
  }

  @Test("Integers keep their value where Int64 can hold it")
  func integers() throws {
    #expect(try file("U64", [0, UInt64(Int64.max)]).integers("a") == [0, .max])
    #expect(try file("U32", [UInt32.max]).integers("a") == [4_294_967_295])
    #expect(try file("I16", [Int16.min, 5]).integers("a") == [-32768, 5])
    #expect(try file("U16", [UInt16.max]).doubles("a") == [65535])
    #expect(try file("BOOL", [UInt8(0), 1]).integers("a") == [0, 1])
    let file = try file("U64", [UInt64.max])
    let failure = try #require(throws: FileFailure.self) { try file.integers("a") }
    #expect(failure.kind == .badData)
  }

  @Test("A tensor of several pieces is converted without a seam")
  func pieces() throws {
    let values = (0..<100_003).map { Double($0) - 50_000.5 }
    let file = try file("F64", values)
    #expect(try file.tensor("a").elements == values.map(Float.init))
    #expect(try file.doubles("a") == values)
  }
}
