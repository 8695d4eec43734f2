import Testing
import XAITensor

@Suite struct TensorTests {
  private func address(_ tensor: Tensor) -> UInt {
    tensor.withUnsafeElements { UInt(bitPattern: $0.baseAddress) }
  }

  @Test func `elements lie in row-major order`() {
    let tensor = Tensor(shape: [2, 3, 4], (0..<24).map(Float.init))
    #expect(tensor.count == 24 && tensor.elements == (0..<24).map(Float.init))
    for (first, second, third) in [(0, 0, 0), (0, 0, 3), (0, 2, 0), (1, 0, 0), (1, 2, 3)] {
      #expect(tensor[first, second, third] == Float((first * 3 + second) * 4 + third))
    }
  }

  @Test func `every way to create a tensor fills it`() {
    #expect(Tensor(shape: [2, 2]).elements == [0, 0, 0, 0])
    #expect(Tensor(shape: [3], repeating: 1.5).elements == [1.5, 1.5, 1.5])
    let written = Tensor(shape: [2]) { $0.initialize(repeating: 7) }
    #expect(written.elements == [7, 7])
  }

  @Test func `scalars and tensors without elements are possible`() {
    #expect(Tensor(shape: [], repeating: 3).count == 1)
    #expect(Tensor(shape: [], repeating: 3)[] == 3)
    let empty = Tensor(shape: [0, 5])
    #expect(empty.count == 0 && empty.elements.isEmpty && empty.isFinite)
    #expect(empty == Tensor(shape: [0, 5]) && empty != Tensor(shape: [5, 0]))
  }

  @Test func `a copy keeps its values when the original is written`() {
    var original = Tensor(shape: [2], [1, 2])
    let copy = original
    #expect(address(original) == address(copy))
    original[1] = 5
    #expect(copy.elements == [1, 2] && original.elements == [1, 5])
    #expect(address(original) != address(copy))
  }

  @Test func `only shared memory is copied`() {
    var tensor = Tensor(shape: [100])
    let before = address(tensor)
    for index in 0..<100 { tensor[index] = Float(index) }
    tensor.withUnsafeMutableElements { $0[0] = 9 }
    #expect(address(tensor) == before && tensor[0] == 9 && tensor[99] == 99)
  }

  @Test func `a reshaped tensor shares memory until one of the two is written`() {
    let tensor = Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6])
    var other = tensor.reshaped(to: [3, 2])
    #expect(other.shape == [3, 2] && other[2, 0] == 5 && address(other) == address(tensor))
    other[0, 0] = -1
    #expect(tensor[0, 0] == 1 && other.elements == [-1, 2, 3, 4, 5, 6])
  }

  @Test func `memory is aligned to 64 bytes, copies included`() {
    for count in [0, 1, 3, 17, 1000, 4097] {
      var tensor = Tensor(shape: [count])
      #expect(address(tensor) % 64 == 0)
      let copy = tensor
      tensor.withUnsafeMutableElements { _ in }
      #expect(address(tensor) % 64 == 0 && tensor == copy)
    }
  }

  @Test func `equality is of shape and bits`() {
    let tensor = Tensor(shape: [2], [1, .nan])
    #expect(tensor == Tensor(shape: [2], [1, .nan]))
    #expect(tensor != Tensor(shape: [2, 1], [1, .nan]))
    #expect(tensor != Tensor(shape: [2], [2, .nan]))
    #expect(Tensor(shape: [1], [0]) != Tensor(shape: [1], [-0.0]))
  }

  @Test func `finiteness sees NaN and infinity anywhere`() {
    for bad in [Float.nan, .infinity, -.infinity] {
      for index in 0..<3 {
        var tensor = Tensor(shape: [3], [1, -2, .greatestFiniteMagnitude])
        #expect(tensor.isFinite)
        tensor[index] = bad
        #expect(!tensor.isFinite)
      }
    }
  }

  @Test func `an error of the initialising closure is passed on`() {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try Tensor(shape: [2]) { (elements) throws(Refusal) in throw Refusal() }
    }
  }

  @Test func `an index outside of the shape traps`() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3])[0, 3] }
  }
}
