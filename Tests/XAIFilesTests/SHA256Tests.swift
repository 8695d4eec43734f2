import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct SHA256Tests {
  /// From FIPS 180-2, appendix B, and the digest of nothing.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `digests are those of the standard`(text: String, digest: String) throws {
    #expect(SHA256.of(Array(text.utf8)) == digest)
    #expect(SHA256.of(Array(text.utf8), isAccelerated: false) == digest)
    let folder = try TemporaryFolder()
    try AtomicFile.write(text, to: folder.file("file"))
    #expect(try SHA256.ofFile(folder.file("file")) == digest)
  }

  @Test(.enabled(if: SHA256.isAccelerated))
  func `the processor's instructions and plain code agree`() {
    var stream = RandomStream(seed: 1, purpose: "digest")
    for count in Array(0...130) + [1000, 4096, 100_003] {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      #expect(SHA256.of(bytes, isAccelerated: true) == SHA256.of(bytes, isAccelerated: false))
    }
  }

  @Test func `a file longer than one piece has the digest of its bytes`() throws {
    let folder = try TemporaryFolder()
    for count in [1 << 20, (1 << 20) - 1, 5 << 18, 119, 120, 63, 64] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0) }
      try AtomicFile.write(bytes, to: folder.file("file"))
      #expect(try SHA256.ofFile(folder.file("file")) == SHA256.of(bytes), "\(count)")
    }
  }
}
