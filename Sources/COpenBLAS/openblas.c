#include "COpenBLAS.h"

#ifdef __linux__

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// POSIX lets an object pointer that dlsym returns be used as a function's; C itself has no such conversion.
#define FIND(field, name) memcpy(&library->field, &(void *){dlsym(handle, name)}, sizeof library->field)

const char *levin_openblas_load(levin_openblas *library) {
  const char *const variable = "OPENBLAS_NUM_THREADS";
  const char *before = getenv(variable);
  char *kept = before ? strdup(before) : NULL;
  setenv(variable, "1", 1);
  void *handle = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (kept) {
    setenv(variable, kept, 1);
    free(kept);
  } else {
    unsetenv(variable);
  }
  if (!handle) return dlerror();
  FIND(sgemm, "cblas_sgemm");
  FIND(dgemm, "cblas_dgemm");
  FIND(set_num_threads, "openblas_set_num_threads");
  FIND(get_config, "openblas_get_config");
  FIND(get_corename, "openblas_get_corename");
  FIND(dynamic_quit, "gotoblas_dynamic_quit");
  FIND(dynamic_init, "gotoblas_dynamic_init");
  if (!library->sgemm || !library->dgemm || !library->set_num_threads || !library->get_config || !library->get_corename)
    return "libopenblas.so.0 lacks a function that is called";
  return NULL;
}

int levin_openblas_choose_core(const levin_openblas *library, const char *core) {
  if (!library->dynamic_quit || !library->dynamic_init) return 0;
  setenv("OPENBLAS_CORETYPE", core, 1);
  library->dynamic_quit();
  library->dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
  return 1;
}

int levin_openblas_core_is_requested(void) { return getenv("OPENBLAS_CORETYPE") != NULL; }

#endif
