// The optimisers' passes for the machine that the compiler assumes by itself.
#define SUFFIX _default
#include "optimizers.inc"
