// Chooses the kernels for the processor that the program runs on.
#include "CTensorKernels.h"

#include <math.h>

#define DECLARE(SUFFIX)                                                  \
  extern const struct levin_tensor_kernels levin_tensors_float##SUFFIX; \
  extern const struct levin_tensor_kernels levin_tensors_double##SUFFIX;

DECLARE(_default)
#if defined(__x86_64__)
DECLARE(_v3)
DECLARE(_v4)
#endif

uint64_t levin_flush_subnormals(void) {
#if defined(__x86_64__)
  unsigned state = __builtin_ia32_stmxcsr();
  // Flush to zero, and denormals are zero.
  __builtin_ia32_ldmxcsr(state | 0x8040);
  return state;
#elif defined(__aarch64__)
  uint64_t state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  __asm__ volatile("msr fpcr, %0" : : "r"(state | (uint64_t)1 << 24));
  return state;
#else
  return 0;
#endif
}

void levin_restore_subnormals(uint64_t state) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((unsigned)state);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(state));
#else
  (void)state;
#endif
}

int levin_instruction_set(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return LEVIN_X86_64_V4;
  if (__builtin_cpu_supports("x86-64-v3")) return LEVIN_X86_64_V3;
#endif
  return LEVIN_BASELINE;
}

#if defined(__x86_64__)
#define CHOOSE(TYPE)                                                      \
  switch (levin_instruction_set()) {                                     \
    case LEVIN_X86_64_V4: return &levin_tensors_##TYPE##_v4;             \
    case LEVIN_X86_64_V3: return &levin_tensors_##TYPE##_v3;             \
    default: return &levin_tensors_##TYPE##_default;                     \
  }
#else
#define CHOOSE(TYPE) return &levin_tensors_##TYPE##_default;
#endif

const struct levin_tensor_kernels *levin_tensor_kernels_float(void) { CHOOSE(float) }
const struct levin_tensor_kernels *levin_tensor_kernels_double(void) { CHOOSE(double) }

double levin_normal(double u, double v) { return sqrt(-2 * log(u)) * cos(6.283185307179586 * v); }
double levin_cosine(double turns) { return cos(6.283185307179586 * turns); }
double levin_log(double x) { return log(x); }

void levin_normals(size_t count, const uint64_t *words, float *out) {
  for (size_t i = 0; i < count; i += 2) {
    const double radius = sqrt(-2 * log((double)((words[i] >> 11) + 1) * 0x1p-53));
    const double angle = 6.283185307179586 * ((double)(words[i + 1] >> 11) * 0x1p-53);
    out[i] = (float)(radius * cos(angle));
    if (i + 1 < count) out[i + 1] = (float)(radius * sin(angle));
  }
}

static _Thread_local uint64_t product_operations;

uint64_t levin_product_operations(void) { return product_operations; }
void levin_count_product(size_t m, size_t n, size_t k) { product_operations += 2 * (uint64_t)m * n * k; }
