// The kernels for x86-64 level v3.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define SUFFIX _v3
#define WIDTH 4
#include "kernels.inc"
#pragma clang attribute pop
#endif
