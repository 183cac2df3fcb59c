// OpenBLAS as Swift sees it: cblas, and the choice of kernels, which the library exports without declaring it.
#ifndef LEVIN_COPENBLAS_SHIM_H
#define LEVIN_COPENBLAS_SHIM_H

#include <stdlib.h>

#include <cblas.h>

// Present in builds that hold kernels for several processors (DYNAMIC_ARCH), absent in others.
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));

// Makes the library use the kernels of `core`; 0 when this build holds one set only. Not while a product runs.
static inline int levin_openblas_choose_core(const char *core) {
  if (!gotoblas_dynamic_quit || !gotoblas_dynamic_init) return 0;
  setenv("OPENBLAS_CORETYPE", core, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
  return 1;
}

static inline int levin_openblas_core_is_requested(void) { return getenv("OPENBLAS_CORETYPE") != NULL; }

#endif
