// The kernels for x86-64 level v4.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define SUFFIX _v4
#define WIDTH 8
#include "kernels.inc"
#pragma clang attribute pop
#endif
