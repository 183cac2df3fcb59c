// Chooses the optimisers' passes for the processor that the program runs on.
#include "optimizers.h"

#define DECLARE(SUFFIX)                                                                                        \
  void levin_adamw_step##SUFFIX(const struct levin_adamw *, size_t, float *, const float *, float *, float *); \
  void levin_products##SUFFIX(size_t, const float *, const float *, double *);                                 \
  void levin_project##SUFFIX(size_t, const float *, const float *, float, float, float *);                     \
  double levin_momentum##SUFFIX(size_t, const float *, float, float, int, float *, float *);                   \
  void levin_scale##SUFFIX(size_t, float, float *);                                                            \
  void levin_descend##SUFFIX(size_t, float, float, const float *, float *);

DECLARE(_default)
#if defined(__x86_64__)
DECLARE(_v3)
DECLARE(_v4)
#endif

#if defined(__x86_64__)
#define CHOOSE(F, ...)                                                 \
  if (__builtin_cpu_supports("x86-64-v4")) return F##_v4(__VA_ARGS__); \
  if (__builtin_cpu_supports("x86-64-v3")) return F##_v3(__VA_ARGS__); \
  return F##_default(__VA_ARGS__);
#else
#define CHOOSE(F, ...) return F##_default(__VA_ARGS__);
#endif

void levin_adamw_step(
    const struct levin_adamw *scalars, size_t count, float *w, const float *g, float *m, float *v) {
  CHOOSE(levin_adamw_step, scalars, count, w, g, m, v)
}

void levin_products(size_t count, const float *w, const float *g, double sums[3]) {
  CHOOSE(levin_products, count, w, g, sums)
}

void levin_project(size_t count, const float *w, const float *g, float share, float scale, float *out) {
  CHOOSE(levin_project, count, w, g, share, scale, out)
}

double levin_momentum(
    size_t count, const float *g, float momentum, float rest, int nesterov, float *m, float *out) {
  CHOOSE(levin_momentum, count, g, momentum, rest, nesterov, m, out)
}

void levin_scale(size_t count, float scale, float *x) { CHOOSE(levin_scale, count, scale, x) }

void levin_descend(size_t count, float keep, float step, const float *x, float *w) {
  CHOOSE(levin_descend, count, keep, step, x, w)
}
