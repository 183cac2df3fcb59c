// Batch kernels: one primitive operator over a block of rows. No algorithm lives here, only arithmetic that wants
// the machine's vector units; `Evaluation` wraps it and tests it against the scalar interpreter.
//
// A row holds `lanes` 64-bit words (a multiple of 8), one per example. Sources and result are read at a step (in
// words) from row to row; step 0 repeats one row. `LEVIN_NO_VALUE` marks "no value" for Int, Bool and permutations.
#ifndef LEVIN_CKERNELS_H
#define LEVIN_CKERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LEVIN_NO_VALUE INT64_MIN

enum levin_op {
  LEVIN_COPY, LEVIN_ITE, LEVIN_EQ, LEVIN_NE, LEVIN_NOT, LEVIN_AND, LEVIN_OR, LEVIN_XOR, LEVIN_IMPLIES,
  LEVIN_ADD, LEVIN_SUB, LEVIN_MUL, LEVIN_NEG, LEVIN_DIV, LEVIN_MOD, LEVIN_ABS,
  LEVIN_LT, LEVIN_LE, LEVIN_GT, LEVIN_GE, LEVIN_EVEN,
  LEVIN_FADD, LEVIN_FSUB, LEVIN_FMUL, LEVIN_FDIV,
  LEVIN_BVNOT, LEVIN_BVNEG, LEVIN_BVAND, LEVIN_BVOR, LEVIN_BVXOR, LEVIN_BVNAND, LEVIN_BVNOR, LEVIN_BVXNOR,
  LEVIN_BVADD, LEVIN_BVSUB, LEVIN_BVMUL, LEVIN_BVUDIV, LEVIN_BVUREM, LEVIN_BVSDIV, LEVIN_BVSREM, LEVIN_BVSMOD,
  LEVIN_BVSHL, LEVIN_BVLSHR, LEVIN_BVASHR,
  LEVIN_BVULT, LEVIN_BVULE, LEVIN_BVUGT, LEVIN_BVUGE, LEVIN_BVSLT, LEVIN_BVSLE, LEVIN_BVSGT, LEVIN_BVSGE,
  LEVIN_BVEQ, LEVIN_BVNE, LEVIN_BVITE, LEVIN_BVCOMP,
  LEVIN_CONCAT, LEVIN_EXTRACT, LEVIN_SIGN_EXTEND, LEVIN_ROTATE_LEFT, LEVIN_REPEAT,
  LEVIN_COMPOSE, LEVIN_INVERSE
};

// What an operator needs beside its arguments.
struct levin_parameters {
  int64_t modulus;            // field operators: p, a prime below 2^31
  const uint32_t *inverses;   // field division: inverses[x] for 0 < x < p, or NULL (then computed)
  uint32_t width;             // bit vectors: width of the first argument; permutations: the degree
  uint32_t high, low;         // extract: bits; rotate: low = count; repeat: low = count; sign_extend: high = result
                              // width; concat: low = width of the second argument
};

// Rows to read: number r at base + (index ? index[r] : r) · step words.
struct levin_source {
  const int64_t *base;
  size_t step;
  const uint32_t *index;
};

// out[r · out_step ..] = op(a[r], b[r], c[r]) for r in 0 ..< rows; sources that the operator does not take are not read.
// With `hashes`, also hashes[r] as `levin_hash` has it, without reading the result again.
void levin_kernel(
    int op, const struct levin_parameters *parameters, struct levin_source a, struct levin_source b,
    struct levin_source c, int64_t *out, size_t out_step, size_t rows, size_t lanes, const uint32_t *keys,
    uint32_t *hashes);

// hashes[r] = finalise(Σ_e (low_e + keys[2e])(high_e + keys[2e + 1]) mod 2^64), e in 0 ..< lanes; low_e and high_e are the
// halves of rows[r · step + e], the inner sums are modulo 2^32.
void levin_hash(
    const int64_t *rows, size_t step, size_t count, size_t lanes, const uint32_t *keys, uint32_t *hashes);

// Writes the indices i in 0 ..< count with op(a, b[i]) = goal (or op(b[i], a) when `swapped`) on one example;
// returns how many. `hits` must hold `count` entries.
size_t levin_filter(
    int op, const struct levin_parameters *parameters, int64_t a, int swapped, const int64_t *b, size_t count,
    int64_t goal, uint32_t *hits);

// Writes the i in 0 ..< count whose row, number indices[i] (or i when `indices` is NULL) at `step` words, equals `goal` in
// all bits of `mask` on `lanes` words; returns how many.
size_t levin_match(
    const int64_t *rows, size_t step, const uint32_t *indices, size_t count, const int64_t *goal,
    const int64_t *mask, size_t lanes, uint32_t *hits);

static inline void levin_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }
// Rows of more than 16 lanes are copied and compared by the C library, with the vectors of the machine.
static inline void levin_copy_row(int64_t *to, const int64_t *from, size_t lanes) {
  if (lanes > 16) {
    memcpy(to, from, lanes * sizeof *to);
    return;
  }
  for (size_t e = 0; e < lanes; e += 8) __builtin_memcpy(to + e, from + e, 64);
}
static inline void levin_prefetch_write(const void *address) { __builtin_prefetch(address, 1, 3); }

// Maps `new_bytes` of zeroed memory, or resizes a mapping of `old_bytes` (0: none yet) keeping its contents; moves
// pages where the system can (Linux) instead of copying. NULL when the system refuses. Large mappings ask for huge pages.
void *levin_pages_resize(void *old, size_t old_bytes, size_t new_bytes);
void levin_pages_free(void *pages, size_t bytes);

// Whether two rows are equal.
static inline int levin_rows_equal(const int64_t *a, const int64_t *b, size_t lanes) {
  if (lanes > 16) return memcmp(a, b, lanes * sizeof *a) == 0;
  for (size_t e = 0; e < lanes; e += 8) {
    uint64_t difference = 0;
    for (size_t i = 0; i < 8; i++) difference |= (uint64_t)(a[e + i] ^ b[e + i]);
    if (difference) return 0;
  }
  return 1;
}

#endif
