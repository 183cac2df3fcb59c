// The loops for x86-64 level v3.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define SUFFIX _v3
#define IS_FLOAT 1
#include "tensor_kernels.inc"
#undef IS_FLOAT
#define IS_FLOAT 0
#include "tensor_kernels.inc"
#pragma clang attribute pop
#endif
