// Length-ordered enumeration of grammars/integers.sl in plain C: the same language, order, classes and counts as Levin's
// `Enumeration`, with everything known when it is compiled: productions, bit weights, sorts, lanes, the machine.
#define _GNU_SOURCE
#include <gmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "Reference.h"

// Lanes of a vector, as many as the machine has: in wider ones the compiler packs the masks of comparisons into ever smaller
// words and unpacks them again.
#if defined(__AVX2__) && !defined(__AVX512F__)
#define WIDTH 4
#else
#define WIDTH 8
#endif
typedef int64_t vi __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef uint64_t vu __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef uint32_t vw __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef double vd __attribute__((vector_size(8 * WIDTH), aligned(8)));

#define NOV INT64_MIN
#define INLINE static inline __attribute__((always_inline, unused))
#define PASTE(A, B) A##_##B
#define PASTE2(A, B) PASTE(A, B)
#pragma clang diagnostic ignored "-Wpsabi"

// --- The language ---

enum { E, C, D, B, NONTERMINALS };
enum { OP_LEAF, OP_COPY, OP_ADD, OP_SUB, OP_MUL, OP_MOD, OP_DIV, OP_ITE, OP_EQ, OP_LT, OP_LE };
enum { LEAF_A, LEAF_B, LEAF_M, LEAF_NUMBER };

typedef struct {
  int nonterminal, op, bits;
  int argument[2];  // nonterminals; of a leaf, what it is and its number
} production;

#define PRODUCTIONS 18
static const production grammar[PRODUCTIONS] = {
    {E, OP_LEAF, 2, {LEAF_A}},         {E, OP_LEAF, 2, {LEAF_B}},         {E, OP_COPY, 3, {C}},
    {E, OP_ADD, 3, {E, E}},            {E, OP_SUB, 4, {E, E}},            {E, OP_MUL, 4, {E, E}},
    {E, OP_MOD, 4, {E, D}},            {E, OP_DIV, 5, {E, D}},            {E, OP_ITE, 5, {B, E}},
    {C, OP_LEAF, 1, {LEAF_NUMBER, 0}}, {C, OP_LEAF, 2, {LEAF_NUMBER, 1}}, {C, OP_LEAF, 2, {LEAF_NUMBER, 2}},
    {D, OP_LEAF, 1, {LEAF_M}},         {D, OP_LEAF, 2, {LEAF_NUMBER, 2}}, {D, OP_LEAF, 2, {LEAF_NUMBER, 3}},
    {B, OP_EQ, 1, {E, E}},             {B, OP_LT, 2, {E, E}},             {B, OP_LE, 2, {E, E}},
};
static const int arities[NONTERMINALS] = {3, 0, 0, 2};

// --- Arithmetic on WIDTH lanes; NOV is "no value" ---

INLINE vi load(const int64_t *p) { vi v; memcpy(&v, p, sizeof v); return v; }
INLINE void store(int64_t *p, vi v) { memcpy(p, &v, sizeof v); }
INLINE vi pick(vi m, vi x, vi y) { return (m & x) | (~m & y); }
INLINE vi missing(vi x, vi y) { return (vi)(x == NOV) | (vi)(y == NOV); }
INLINE vi guard(vi bad, vi r) { return pick(bad, (vi){} + NOV, r); }

INLINE vi f_add(vi x, vi y) {
  vi r = x + y;
  return guard(missing(x, y) | (vi)(((x ^ r) & (y ^ r)) < 0), r);
}
INLINE vi f_sub(vi x, vi y) {
  vi r = x - y;
  return guard(missing(x, y) | (vi)(((x ^ y) & (x ^ r)) < 0), r);
}
INLINE vi f_mul(vi x, vi y) {
  vi bad = missing(x, y);
  x &= ~bad;
  y &= ~bad;
  vu wide = ((vu)(x + (1LL << 31)) | (vu)(y + (1LL << 31))) >> 32;
  vi r;
  if (__builtin_expect(__builtin_reduce_or(wide) == 0, 1)) {
    for (int i = 0; i < WIDTH; i++) r[i] = (int64_t)(int32_t)x[i] * (int64_t)(int32_t)y[i];
  } else {
    for (int i = 0; i < WIDTH; i++) {
      long long product;
      r[i] = __builtin_mul_overflow((long long)x[i], (long long)y[i], &product) ? NOV : product;
    }
  }
  return guard(bad, r);
}
// Exact for |v| < 2^51.
#define MAGIC 6755399441055744.0
INLINE vd to_double(vi v) { return (vd)(v + 0x4338000000000000) - MAGIC; }
INLINE vi to_int(vd v) { return (vi)(v + MAGIC) - 0x4338000000000000; }
// Euclidean division by rows of positive numbers (nonterminal D has no others).
INLINE vi divide(vi x, vi y, int remainder) {
  vi bad = (vi)(x == NOV), r;
  x &= ~bad;
  if (__builtin_expect(__builtin_reduce_or((vu)(x + (1LL << 51)) >> 52) == 0, 1)) {
    vd dx = to_double(x), dy = to_double(y);
    vd q = (dx / dy + MAGIC) - MAGIC;  // nearest: off by less than 1
    vd rest = dx - q * dy;
    vi negative = (vi)(rest < 0.0);
    r = remainder ? to_int(rest + (vd)(negative & (vi)dy)) : to_int(q) + negative;
  } else {
    for (int i = 0; i < WIDTH; i++) {
      int64_t m = x[i] % y[i], d = x[i] / y[i];
      r[i] = remainder ? (m < 0 ? m + y[i] : m) : (m < 0 ? d - 1 : d);
    }
  }
  return guard(bad, r);
}
INLINE vi f_mod(vi x, vi y) { return divide(x, y, 1); }
INLINE vi f_div(vi x, vi y) { return divide(x, y, 0); }
INLINE vi f_eq(vi x, vi y) { return guard(missing(x, y), (vi)(x == y) & 1); }
INLINE vi f_lt(vi x, vi y) { return guard(missing(x, y), (vi)(x < y) & 1); }
INLINE vi f_le(vi x, vi y) { return guard(missing(x, y), (vi)(x <= y) & 1); }
INLINE vi f_ite(vi c, vi x, vi y) { return guard((vi)(c == NOV), pick((vi)(c == 1), x, y)); }

// --- Hash: Σ (low + key)(high + key) over 32-bit halves, one multiplication per lane ---

static uint32_t keys[128] __attribute__((aligned(64)));
INLINE vu mix(vi r, int lane) {
  vw key;
  memcpy(&key, keys + 2 * lane, sizeof key);
  vu t = (vu)((vw)r + key);
  return (t & 0xFFFFFFFF) * (t >> 32);
}
// 32 bits: the high ones place, all of them are the tag. So a table grows without looking at its rows.
INLINE uint32_t finalise(uint64_t h) {
  h ^= h >> 32;
  return (uint32_t)((h * 0x9E3779B97F4A7C15ull) >> 32);
}

// --- Classes ---

typedef struct {
  int64_t *rows;
  uint32_t *children;
  uint8_t *production;
  uint64_t *slots;  // tag << 32 | class + 1
  uint64_t *current, *first, *repeat_count;
  uint32_t *touched, *repeat;
  size_t count, touched_count;
  int log2, arity, levels, bits_of[128];
  size_t class_start[129], repeat_start[129];
} table;

typedef struct {
  table tables[NONTERMINALS];
  const int64_t *a, *b;
  int64_t modulus;
} world;

typedef struct {
  size_t start, count;
  const uint32_t *index;
  const uint64_t *counts;
} entries;

INLINE size_t at(entries e, size_t i) { return e.index ? e.index[i] : e.start + i; }
INLINE entries one(entries e, size_t i) {
  return (entries){e.start + i, 1, e.index ? e.index + i : NULL, e.counts ? e.counts + i : NULL};
}
// The classes of a level (0), or those met again in it (1).
static entries segment(const table *t, int level, int which) {
  if (which == 0) {
    size_t start = t->class_start[level];
    return (entries){start, t->class_start[level + 1] - start, NULL, t->first + start};
  }
  size_t start = t->repeat_start[level];
  return (entries){0, t->repeat_start[level + 1] - start, t->repeat + start, t->repeat_count + start};
}
static int level_at(const table *t, int bits) {
  for (int i = 0; i < t->levels; i++) if (t->bits_of[i] == bits) return i;
  return -1;
}

// Address space for the most there can be; pages come when they are touched, in huge ones where they may.
#define CAPACITY ((size_t)1 << 26)
static void *reserve(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) abort();
#if defined(__linux__)
  if (bytes >= 1 << 22) madvise(p, bytes, MADV_HUGEPAGE);
#endif
  return p;
}

static __attribute__((noinline)) void grow(table *t) {
  const size_t old = (size_t)1 << t->log2, size = old * 2, mask = size - 1;
  const uint32_t shift = 32 - (uint32_t)(t->log2 + 1);
  uint64_t *slots = reserve(size * 8);
  for (size_t i = 0; i < old; i++) {
    const uint64_t slot = t->slots[i];
    if (slot == 0) continue;
    size_t position = (uint32_t)(slot >> 32) >> shift;
    while (slots[position]) position = (position + 1) & mask;
    slots[position] = slot;
  }
  munmap(t->slots, old * 8);
  t->slots = slots;
  t->log2++;
}

static uint64_t finish_level(table *t, int bits, int mass) {
  uint64_t programs = 0;
  const size_t start = t->repeat_start[t->levels];
  if (mass) {
    for (size_t i = t->class_start[t->levels]; i < t->count; i++) programs += t->first[i];
    for (size_t i = 0; i < t->touched_count; i++) {
      const uint32_t index = t->touched[i];
      t->repeat[start + i] = index;
      programs += t->repeat_count[start + i] = t->current[index];
      t->current[index] = 0;
    }
  }
  t->bits_of[t->levels] = bits;
  t->class_start[t->levels + 1] = t->count;
  t->repeat_start[t->levels + 1] = start + t->touched_count;
  t->touched_count = 0;
  t->levels++;
  return programs;
}

static uint64_t used(const world *w, int lanes, int mass) {
  uint64_t bytes = 0;
  for (int i = 0; i < NONTERMINALS; i++) {
    const table *t = &w->tables[i];
    bytes += t->count * (lanes * 8 + 4 * t->arity + 1) + ((uint64_t)8 << t->log2);
    if (mass) bytes += t->count * 16 + t->repeat_start[t->levels] * 12;
  }
  return bytes;
}

// Time of one access to memory at random, issued 64 ahead, in the finished table; and of writing one row to new memory.
static void measure_memory(table *t, int lanes, struct reference_result *result) {
  const size_t rounds = 1 << 16;
  uint64_t state = 88172645463325252ull, sum = 0;
  uint32_t place[64];
  for (int what = 0; what < 2; what++) {
    const double start = reference_seconds();
    for (size_t r = 0; r < rounds; r++) {
      for (int i = 0; i < 64; i++) {
        state ^= state << 13; state ^= state >> 7; state ^= state << 17;
        const uint64_t limit = what ? t->count : (uint64_t)1 << t->log2;
        place[i] = (uint32_t)(((state >> 32) * limit) >> 32);
        if (what) {
          for (int e = 0; e < lanes; e += 8) __builtin_prefetch(t->rows + (size_t)place[i] * lanes + e);
        } else {
          __builtin_prefetch(t->slots + place[i]);
        }
      }
      for (int i = 0; i < 64; i++) {
        if (what) {
          for (int e = 0; e < lanes; e += 8) sum += (uint64_t)t->rows[(size_t)place[i] * lanes + e];
        } else {
          sum += t->slots[place[i]];
        }
      }
    }
    const double time = (reference_seconds() - start) * 1e9 / (double)(rounds * 64);
    if (what) result->row_nanoseconds = time;
    else result->slot_nanoseconds = time;
  }
  reference_keep(&sum);
  const size_t rows = t->count, bytes = rows * (size_t)lanes * 8;
  int64_t *fresh = reserve(bytes);
  const double start = reference_user_seconds();
  for (size_t i = 0; i < rows; i++)
    for (int e = 0; e < lanes; e += WIDTH) store(fresh + i * lanes + e, (vi){} + (int64_t)i);
  reference_keep(fresh);
  result->append_nanoseconds = (reference_user_seconds() - start) * 1e9 / (double)rows;
  munmap(fresh, bytes);
}

#define LANES 8
#include "integers.inc"
#define LANES 16
#include "integers.inc"
#define LANES 64
#include "integers.inc"

int reference_enumerate(
    int lanes, int mass, const int64_t *a, const int64_t *b, int64_t modulus, int bits, int measure,
    struct reference_result *result) {
  memset(result, 0, sizeof *result);
  uint64_t state = 0x5EED;
  for (int i = 0; i < 128; i++) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    keys[i] = (uint32_t)(state >> 32) | 1;
  }
  world *w = calloc(1, sizeof *w);
  if (!w || bits > 127) return 0;
  w->a = a;
  w->b = b;
  w->modulus = modulus;
  for (int i = 0; i < NONTERMINALS; i++) {
    table *t = &w->tables[i];
    t->arity = arities[i];
    t->log2 = 10;
    t->slots = reserve((size_t)8 << t->log2);
    t->rows = reserve(CAPACITY * (size_t)lanes * 8);
    t->children = reserve(CAPACITY * 12);
    t->production = reserve(CAPACITY);
    t->current = reserve(CAPACITY * 8);
    t->first = reserve(CAPACITY * 8);
    t->touched = reserve(CAPACITY * 4);
    t->repeat = reserve(CAPACITY * 8);
    t->repeat_count = reserve(CAPACITY * 16);
  }
  switch (lanes) {
    case 8: (mass ? enumerate_8(w, bits, 1, measure, result) : enumerate_8(w, bits, 0, measure, result)); break;
    case 16: (mass ? enumerate_16(w, bits, 1, measure, result) : enumerate_16(w, bits, 0, measure, result)); break;
    case 64: (mass ? enumerate_64(w, bits, 1, measure, result) : enumerate_64(w, bits, 0, measure, result)); break;
    default: return 0;
  }
  for (int i = 0; i < NONTERMINALS; i++) {
    table *t = &w->tables[i];
    munmap(t->slots, (size_t)8 << t->log2);
    munmap(t->rows, CAPACITY * (size_t)lanes * 8);
    munmap(t->children, CAPACITY * 12);
    munmap(t->production, CAPACITY);
    munmap(t->current, CAPACITY * 8);
    munmap(t->first, CAPACITY * 8);
    munmap(t->touched, CAPACITY * 4);
    munmap(t->repeat, CAPACITY * 8);
    munmap(t->repeat_count, CAPACITY * 16);
  }
  free(w);
  return 1;
}

// --- Time, GMP ---

#if defined(RUSAGE_THREAD)
#define WHO RUSAGE_THREAD
#else
#define WHO RUSAGE_SELF
#endif

double reference_user_seconds(void) {
  struct rusage used;
  getrusage(WHO, &used);
  return (double)used.ru_utime.tv_sec + 1e-6 * (double)used.ru_utime.tv_usec;
}

double reference_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

__attribute__((noinline)) void reference_keep(const void *value) { __asm__ volatile("" : : "r"(value) : "memory"); }

double reference_add(int bits, size_t count) {
  mpz_t a, b;
  mpz_init(a);
  mpz_init(b);
  mpz_ui_pow_ui(a, 2, (unsigned long)bits - 1);
  mpz_sub_ui(b, a, 12345);
  // Free blocks of the size, as any program that has run for a while has: else one hole left by something else decides.
  mpz_t warm[16];
  for (int i = 0; i < 16; i++) {
    mpz_init(warm[i]);
    mpz_add(warm[i], a, b);
  }
  for (int i = 0; i < 16; i++) mpz_clear(warm[i]);
  const double start = reference_seconds();
  for (size_t i = 0; i < count; i++) {
    mpz_t sum;
    mpz_init(sum);
    mpz_add(sum, a, b);
    reference_keep(sum);
    mpz_clear(sum);
  }
  const double time = reference_seconds() - start;
  mpz_clear(a);
  mpz_clear(b);
  return time;
}
