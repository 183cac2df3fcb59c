// The kernels for the machine that the compiler assumes by itself.
#define SUFFIX _default
#define WIDTH 8
#include "kernels.inc"
