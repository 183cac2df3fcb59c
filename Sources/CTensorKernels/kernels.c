#include "CTensorKernels.h"
int levin_cpu_level(void) { return 0; }
