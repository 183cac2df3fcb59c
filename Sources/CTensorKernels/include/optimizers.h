// Passes over flat vectors of parameters, for optimisers: one read and one write of each vector per call.
//
// Elementwise arithmetic is in float32, sums are in float64 and always in one order (see levin_products), and products are
// not contracted into fused ones: the results do not depend on the instruction set or the number of threads.
#ifndef LEVIN_OPTIMIZERS_H
#define LEVIN_OPTIMIZERS_H

#include <stddef.h>

// The scalars of a step of AdamW (Loshchilov & Hutter 2019, algorithm 2), bias corrections folded in.
struct levin_adamw {
  float keep;              // 1 - rate · decay
  float beta1, rest1;      // beta1, 1 - beta1
  float beta2, rest2;      // beta2, 1 - beta2
  float step;              // rate / (1 - beta1^t)
  float root;              // 1 / sqrt(1 - beta2^t)
  float epsilon;
};

// m = beta1 m + rest1 g;  v = beta2 v + rest2 g²;  w = keep w - step m / (root sqrt(v) + epsilon).
void levin_adamw_step(
    const struct levin_adamw *scalars, size_t count, float *w, const float *g, float *m, float *v);

// sums = { Σ w g, Σ w w, Σ g g }. Products of two float32 are exact in float64; they are added in 16 lanes, element i to
// lane i mod 16, and the lanes one after the other.
void levin_products(size_t count, const float *w, const float *g, double sums[3]);

// out = scale (g - share w); out may be g.
void levin_project(size_t count, const float *w, const float *g, float share, float scale, float *out);

// m = momentum m + rest g;  out = momentum m + rest g with nesterov, else m. Returns Σ out out, summed as above.
double levin_momentum(
    size_t count, const float *g, float momentum, float rest, int nesterov, float *m, float *out);

// x = scale x.
void levin_scale(size_t count, float scale, float *x);

// w = keep w - step x.
void levin_descend(size_t count, float keep, float step, const float *x, float *w);

#endif
