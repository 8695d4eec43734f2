#include "xai_digest.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

int xai_sha256_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}

// The instructions hold the state as {f, e, b, a} and {h, g, d, c} and take two rounds each.
__attribute__((target("sha,sse4.1"))) void xai_sha256_absorb(
    uint32_t *state, const uint32_t *constants, const void *bytes, int64_t blocks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const __m128i *input = bytes;
  __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
  __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
  for (; blocks > 0; blocks--, input += 4) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
#pragma clang loop unroll(full)
    for (int four = 0; four < 16; four++) {
      __m128i *w = &words[four & 3];
      if (four < 4) {
        *w = _mm_shuffle_epi8(_mm_loadu_si128(input + four), big_endian);
      } else {
        const __m128i last = words[(four + 3) & 3];
        *w = _mm_sha256msg1_epu32(*w, words[(four + 1) & 3]);
        *w = _mm_add_epi32(*w, _mm_alignr_epi8(last, words[(four + 2) & 3], 4));
        *w = _mm_sha256msg2_epu32(*w, last);
      }
      const __m128i sum =
          _mm_add_epi32(*w, _mm_loadu_si128((const __m128i *)(constants + 4 * four)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
int xai_sha256_is_available(void) { return 0; }

void xai_sha256_absorb(
    uint32_t *state, const uint32_t *constants, const void *bytes, int64_t blocks) {
  (void)state, (void)constants, (void)bytes, (void)blocks;
}
#endif
