// The loops for the machine that the compiler assumes by itself.
#define SUFFIX _default
#define IS_FLOAT 1
#include "tensor_kernels.inc"
#undef IS_FLOAT
#define IS_FLOAT 0
#include "tensor_kernels.inc"
