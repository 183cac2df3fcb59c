// GMP as Swift sees it: the library's header, and functions for the macros that Swift cannot import.
#ifndef LEVIN_CGMP_SHIM_H
#define LEVIN_CGMP_SHIM_H

#include <gmp.h>

static inline int levin_mpz_sign(const __mpz_struct *x) { return mpz_sgn(x); }
static inline int levin_mpz_is_odd(const __mpz_struct *x) { return mpz_odd_p(x); }

#endif
