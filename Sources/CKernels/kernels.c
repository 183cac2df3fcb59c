// Chooses the kernels for the processor that the program runs on.
#include "CKernels.h"

#define DECLARE(SUFFIX)                                                                                    \
  void levin_kernel##SUFFIX(                                                                               \
      int, const struct levin_parameters *, struct levin_source, struct levin_source, struct levin_source, \
      int64_t *, size_t, size_t, size_t, const uint32_t *, uint32_t *);                                    \
  void levin_hash##SUFFIX(const int64_t *, size_t, size_t, size_t, const uint32_t *, uint32_t *);          \
  size_t levin_filter##SUFFIX(                                                                             \
      int, const struct levin_parameters *, int64_t, int, const int64_t *, size_t, int64_t, uint32_t *);   \
  size_t levin_match##SUFFIX(                                                                              \
      const int64_t *, size_t, const uint32_t *, size_t, const int64_t *, const int64_t *, size_t, uint32_t *);

DECLARE(_default)
#if defined(__x86_64__)
DECLARE(_v3)
DECLARE(_v4)
#endif

#if defined(__x86_64__)
#define CHOOSE(F, ...)                                              \
  if (__builtin_cpu_supports("x86-64-v4")) return F##_v4(__VA_ARGS__); \
  if (__builtin_cpu_supports("x86-64-v3")) return F##_v3(__VA_ARGS__); \
  return F##_default(__VA_ARGS__);
#else
#define CHOOSE(F, ...) return F##_default(__VA_ARGS__);
#endif

void levin_kernel(
    int op, const struct levin_parameters *parameters, struct levin_source a, struct levin_source b,
    struct levin_source c, int64_t *out, size_t out_step, size_t rows, size_t lanes, const uint32_t *keys,
    uint32_t *hashes) {
  CHOOSE(levin_kernel, op, parameters, a, b, c, out, out_step, rows, lanes, keys, hashes)
}

void levin_hash(
    const int64_t *rows, size_t step, size_t count, size_t lanes, const uint32_t *keys, uint32_t *hashes) {
  CHOOSE(levin_hash, rows, step, count, lanes, keys, hashes)
}

size_t levin_filter(
    int op, const struct levin_parameters *parameters, int64_t a, int swapped, const int64_t *b, size_t count,
    int64_t goal, uint32_t *hits) {
  CHOOSE(levin_filter, op, parameters, a, swapped, b, count, goal, hits)
}

size_t levin_match(
    const int64_t *rows, size_t step, const uint32_t *indices, size_t count, const int64_t *goal,
    const int64_t *mask, size_t lanes, uint32_t *hits) {
  CHOOSE(levin_match, rows, step, indices, count, goal, mask, lanes, hits)
}
