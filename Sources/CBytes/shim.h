#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The line feeds among 64 bytes: bit n stands for byte n.
///
/// In C, because Swift has no name for the instruction that gathers the top bits of a vector. Where there is none, eight bytes
/// at a time are gathered by a multiplication that moves the bit of byte n to place 56 + n without two of them ever meeting.
static inline uint64_t line_feeds64(const uint8_t *bytes) {
  uint64_t bits = 0;
#if defined(__SSE2__)
  const __m128i feed = _mm_set1_epi8(10);
  for (int n = 0; n < 4; n++) {
    __m128i lanes = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * n));
    bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lanes, feed)) << (16 * n);
  }
#else
  const uint64_t tops = 0x8080808080808080;
  for (int n = 0; n < 8; n++) {
    uint64_t word;
    memcpy(&word, bytes + 8 * n, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    // A byte is 0 now where there was a line feed; its top bit stays clear.
    word ^= 0x0A0A0A0A0A0A0A0A;
    word = ~(((word & ~tops) + ~tops) | word) & tops;
    bits |= (word * 0x0002040810204081) >> 56 << (8 * n);
  }
#endif
  return bits;
}
