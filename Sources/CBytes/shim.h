#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__linux__)
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

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

/// From here on sockets, other programs and the memory of other processes are refused to this process and its children.
///
/// In C, because `prctl` takes any number of arguments, which Swift cannot call. Returns 0 when it is in force.
static inline int deny_network_and_programs(void) {
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#if defined(__x86_64__)
  const uint32_t machine = AUDIT_ARCH_X86_64;
#else
  const uint32_t machine = AUDIT_ARCH_AARCH64;
#endif
  const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      // Calls by the numbers of another machine are none of ours.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, refused),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 6, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 5, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socketpair, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execve, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execveat, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ptrace, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, refused),
  };
  struct sock_fprog program = {.len = sizeof(steps) / sizeof(steps[0]), .filter = steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
#else
  return -1;
#endif
}
