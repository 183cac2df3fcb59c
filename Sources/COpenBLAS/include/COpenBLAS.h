// OpenBLAS, loaded when a network first needs it and not when the process starts: loading it costs more CPU time than most
// searches take, and where there are several processors its own threads spin meanwhile.
#ifndef LEVIN_COPENBLAS_H
#define LEVIN_COPENBLAS_H

// As in cblas.h, for builds with 32-bit indices.
enum { LEVIN_ROW_MAJOR = 101, LEVIN_NO_TRANSPOSE = 111, LEVIN_TRANSPOSE = 112 };

// What is called of the library.
typedef struct {
  void (*sgemm)(int order, int transA, int transB, int m, int n, int k, float alpha, const float *a, int lda,
                const float *b, int ldb, float beta, float *c, int ldc);
  void (*dgemm)(int order, int transA, int transB, int m, int n, int k, double alpha, const double *a, int lda,
                const double *b, int ldb, double beta, double *c, int ldc);
  void (*set_num_threads)(int threads);
  char *(*get_config)(void);
  char *(*get_corename)(void);
  // Present in builds that hold kernels for several processors (DYNAMIC_ARCH), NULL in others.
  void (*dynamic_quit)(void);
  void (*dynamic_init)(void);
} levin_openblas;

// Loads the library with one thread a product and fills `library`. NULL, or the reason why it cannot be had. Once in a
// process; no other thread may read the environment meanwhile.
const char *levin_openblas_load(levin_openblas *library);

// Makes the library use the kernels of `core`; 0 when this build holds one set only. Not while a product runs.
int levin_openblas_choose_core(const levin_openblas *library, const char *core);

int levin_openblas_core_is_requested(void);

#endif
