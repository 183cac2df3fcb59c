// The optimisers' passes for x86-64 level v4.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define SUFFIX _v4
#include "optimizers.inc"
#pragma clang attribute pop
#endif
