// Elementwise loops of networks, on row-major matrices of float or double. No algorithm lives here above a loop;
// `Networks` arranges them and tests each against finite differences.
//
// One table of functions exists for each type and instruction set; pointers are to elements of the table's type.
// Every function writes its results with `=` or, where it takes an `add` flag and the flag is set, with `+=`.
// Loops run in a fixed order, so equal inputs give equal bytes on one instruction set.
#ifndef LEVIN_CTENSORKERNELS_H
#define LEVIN_CTENSORKERNELS_H

#include <stddef.h>
#include <stdint.h>
#include "optimizers.h"

// Instruction sets, in rising order: the compiler's baseline, x86-64-v3 (AVX2, FMA), x86-64-v4 (AVX-512).
enum levin_instruction_set { LEVIN_BASELINE = 0, LEVIN_X86_64_V3 = 3, LEVIN_X86_64_V4 = 4 };
int levin_instruction_set(void);

// From now on numbers nearer to 0 than 2^-126 (float64: 2^-1022) are 0 for this thread, where the processor has a switch for that:
// arithmetic with them takes many times as long. Returns what levin_restore_subnormals takes back.
uint64_t levin_flush_subnormals(void);
void levin_restore_subnormals(uint64_t state);

enum levin_activation {
  LEVIN_IDENTITY, LEVIN_RELU, LEVIN_GELU, LEVIN_GELU_TANH, LEVIN_SQUARE
};

// Sums over rows of a cross-entropy.
struct levin_loss {
  double sum;           // nats
  double least_margin;  // target's logit minus the greatest other
  int64_t counted, correct;
};

// Sizes of attention over rows (sequences). Queries are the last `queries` of `positions`; a query sees its own
// position and those before it. Matrices q, k, v have heads · head_width columns.
struct levin_attention {
  size_t rows, queries, positions, heads, head_width;
  double scale;
};

#pragma clang assume_nonnull begin
struct levin_tensor_kernels {
  // y = f(x + bias); where x and y differ, x + bias is kept in x. bias may be null.
  void (*activate)(
      int f, size_t rows, size_t width, const void *_Nullable bias, void *x, void *y);
  // dx = dy · f'(x), for relu with y in the place of x. bias_gradient, if any, gets the column sums of dx.
  void (*activate_back)(
      int f, size_t rows, size_t width, const void *x, const void *dy, void *dx, int add_dx,
      void *_Nullable bias_gradient, int add_bias);
  void (*column_sums)(size_t rows, size_t width, const void *x, void *sums, int add);
  // out = a + b
  void (*add)(size_t count, const void *a, const void *b, void *out);
  // Rows of `width` at their own strides: out = x or out += x.
  void (*copy)(size_t rows, size_t width, const void *x, size_t x_stride, void *out, size_t out_stride, int add);
  // Every row of out = row.
  void (*repeat)(size_t rows, size_t width, const void *row, void *out);
  // Every row of out = that of x + row.
  void (*add_row)(size_t rows, size_t width, const void *x, const void *row, void *out);
  // x[i] = x[i] · factor
  void (*scale)(size_t count, double factor, void *x);
  // out = parts[0] + parts[1] + …, in that order. out may be parts[0].
  void (*sum)(size_t count, size_t parts, const void *_Nonnull const *_Nonnull part, void *out);

  // out[r] = Σ_t tables[t][indices[t][r]] + bias, then relu when asked. bias may be null.
  void (*gather)(
      size_t rows, size_t width, size_t terms, const void *_Nonnull const *_Nonnull tables,
      const int32_t *_Nonnull const *_Nonnull indices, const void *_Nullable bias, int relu, void *out);
  // tables[t][indices[t][r]] += dy[r], where post[r] > 0 if post is given.
  void (*scatter)(
      size_t rows, size_t width, size_t terms, void *_Nonnull const *_Nonnull tables,
      const int32_t *_Nonnull const *_Nonnull indices, const void *_Nullable post, const void *dy);

  // y = (x − mean) / √(variance + ε) · w + b; statistics[r] = (mean, 1 / √(variance + ε)).
  void (*normalize)(
      size_t rows, size_t width, double epsilon, const void *x, const void *w, const void *b, void *y,
      void *statistics);
  // w_gradient and b_gradient are added to.
  void (*normalize_back)(
      size_t rows, size_t width, const void *x, const void *w, const void *statistics, const void *dy, void *dx,
      int add_dx, void *w_gradient, void *b_gradient);

  // Attention of few positions. Row i of a sequence's queries (keys) is q[q_rows[i]] (k[k_rows[i]], v[k_rows[i]]),
  // or the i-th row when there are no indices. pattern: [rows, heads, queries, positions].
  void (*attend)(
      const struct levin_attention *sizes, const void *q, const int32_t *_Nullable q_rows, const void *k,
      const void *v, const int32_t *_Nullable k_rows, void *pattern, void *z);
  // Adds to dq, dk, dv.
  void (*attend_back)(
      const struct levin_attention *sizes, const void *q, const int32_t *_Nullable q_rows, const void *k,
      const void *v, const int32_t *_Nullable k_rows, const void *pattern, const void *dz, void *dq, void *dk,
      void *dv);
  // Causal softmax of `matrices` matrices [queries, positions]: scores become the pattern in `out`.
  void (*causal_softmax)(size_t matrices, size_t queries, size_t positions, const void *scores, void *out);
  // dscores = pattern · (dpattern − Σ pattern · dpattern); may be in place.
  void (*softmax_back)(
      size_t rows, size_t width, const void *pattern, const void *dpattern, void *dscores);

  // Cross-entropy of rows against targets (-1: not counted). gradient, if any, gets d(sum · factor)/d logits.
  void (*cross_entropy)(
      size_t rows, size_t width, const void *logits, const int32_t *targets, double factor,
      void *_Nullable gradient, struct levin_loss *loss);

  // One step of a GRU on rows × hidden. input: [rows, 3 · hidden] W x + b, becomes the gates r, z, n; state: W h + b.
  void (*gru)(size_t rows, size_t hidden, void *input, const void *state, const void *previous, void *next);
  // dnext → dinput, dstate (written), dprevious (written: the direct part).
  void (*gru_back)(
      size_t rows, size_t hidden, const void *gates, const void *state, const void *previous, const void *dnext,
      void *dinput, void *dstate, void *dprevious);
  // The next cell of an LSTM. gates: [rows, 4 · hidden] sums, become i, f, g, o.
  void (*lstm)(size_t rows, size_t hidden, void *gates, const void *cell, void *next_cell);
  // Its next hidden state.
  void (*lstm_output)(size_t rows, size_t hidden, const void *gates, const void *next_cell, void *next);
  // Of both. dnext_cell holds the next cell's gradient from later steps and becomes all of it; dcell and dgates are written.
  void (*lstm_back)(
      size_t rows, size_t hidden, const void *gates, const void *cell, const void *next_cell, const void *dnext,
      void *dnext_cell, void *dcell, void *dgates);
};
#pragma clang assume_nonnull end

// The tables for this processor.
const struct levin_tensor_kernels *_Nonnull levin_tensor_kernels_float(void);
const struct levin_tensor_kernels *_Nonnull levin_tensor_kernels_double(void);

// A standard normal number from two uniform ones: √(−2 ln u) cos(2π v), 0 < u ≤ 1, 0 ≤ v < 1 (Box & Muller 1958).
double levin_normal(double u, double v);
double levin_cosine(double turns);  // cos(2π turns)
double levin_log(double x);         // ln x
// So many standard normal numbers, two from each two of the 64-bit words (the cosine, then the sine): there are count words,
// one more when count is odd. Of each word the upper 53 bits are used.
void levin_normals(size_t count, const uint64_t *_Nonnull words, float *_Nonnull out);

// Floating-point operations of the matrix products that this thread has made: 2 m n k for each.
uint64_t levin_product_operations(void);
void levin_count_product(size_t m, size_t n, size_t k);

#endif
