internal import CDNNL
internal import CWinograd

/// The instruction sets that our own convolutions and matrix products are compiled for.
package enum VectorLevel: Sendable, CaseIterable {
  /// What every processor of its kind has.
  case any
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512.
  case avx512

  /// The best one of this processor whose vectors are the channel blocks that oneDNN prefers.
  ///
  /// oneDNN can be told to use less than the processor has; blocks and vectors must still agree.
  package static var best: VectorLevel {
    let preferred = Int(xai_preferred_channel_block())
    return allCases.last { $0.isAvailable && $0.lanes <= preferred } ?? .any
  }

  /// Whether this processor runs it.
  package var isAvailable: Bool { xai_vectors_run(level) != 0 }

  /// Floats of a vector.
  var lanes: Int { Int(xai_vector_lanes(level)) }

  /// Its name for people.
  var words: String {
    switch self {
    case .any: "plain"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }

  var level: xai_vectors {
    switch self {
    case .any: xai_vectors_any
    case .avx2: xai_vectors_avx2
    case .avx512: xai_vectors_avx512
    }
  }
}
