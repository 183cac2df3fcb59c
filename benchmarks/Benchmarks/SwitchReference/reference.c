// A tree-walking interpreter in C with the same rules: a step per node, 64-bit integers without INT64_MIN, Euclidean division.
#define _POSIX_C_SOURCE 200809L
#include "SwitchReference.h"

#include <time.h>

struct state {
  const struct tree *nodes;
  int64_t *slots;
  uint64_t steps, limit;
  bool failed;
};

static int64_t fail(struct state *s) {
  s->failed = true;
  return 0;
}

static int64_t value(struct state *s, int32_t number);

static int64_t loop(struct state *s, const struct tree *node) {
  const struct tree *f = s->nodes + node->a;
  s->steps++;
  int64_t count = value(s, node->b);
  if (s->failed) return 0;
  int64_t x = value(s, node->c);
  if (s->failed) return 0;
  int64_t first = s->slots[f->b], second = s->slots[f->c];
  for (int64_t i = 1; i <= count; i++) {
    s->slots[f->b] = x;
    s->slots[f->c] = i;
    x = value(s, f->a);
    if (s->failed) return 0;
  }
  s->slots[f->c] = second;
  s->slots[f->b] = first;
  return x;
}

static int64_t loop2(struct state *s, const struct tree *node) {
  const struct tree *f = s->nodes + node->a, *start = s->nodes + node->c, *body = s->nodes + f->a;
  s->steps++;
  int64_t count = value(s, node->b);
  if (s->failed) return 0;
  s->steps++;
  int64_t x = value(s, start->a);
  if (s->failed) return 0;
  int64_t y = value(s, start->b);
  if (s->failed) return 0;
  int64_t first = s->slots[f->b], second = s->slots[f->c];
  for (int64_t i = 0; i < count; i++) {
    s->slots[f->b] = x;
    s->slots[f->c] = y;
    if (++s->steps > s->limit) return fail(s);
    x = value(s, body->a);
    if (s->failed) return 0;
    y = value(s, body->b);
    if (s->failed) return 0;
  }
  s->slots[f->c] = second;
  s->slots[f->b] = first;
  return x;
}

static int64_t compr(struct state *s, const struct tree *node) {
  const struct tree *f = s->nodes + node->a;
  s->steps++;
  int64_t left = value(s, node->b);
  if (s->failed) return 0;
  if (left < 0) return fail(s);
  int64_t first = s->slots[f->b];
  for (int64_t m = 0;; m++) {
    s->slots[f->b] = m;
    int64_t passes = value(s, f->a);
    if (s->failed) return 0;
    if (passes && left-- == 0) {
      s->slots[f->b] = first;
      return m;
    }
  }
}

static int64_t value(struct state *s, int32_t number) {
  const struct tree *node = s->nodes + number;
  if (++s->steps > s->limit) return fail(s);
  int64_t x, y, result;
  switch (node->head) {
    case TREE_VARIABLE: return s->slots[node->a];
    case TREE_CONSTANT: return node->word;
    case TREE_ITE:
      x = value(s, node->a);
      if (s->failed) return 0;
      return value(s, x ? node->b : node->c);
    case TREE_LOOP: return loop(s, node);
    case TREE_LOOP2: return loop2(s, node);
    case TREE_COMPR: return compr(s, node);
    default: break;
  }
  x = value(s, node->a);
  if (s->failed) return 0;
  y = value(s, node->b);
  if (s->failed) return 0;
  switch (node->head) {
    case TREE_ADD:
      if (__builtin_add_overflow(x, y, &result) || result == INT64_MIN) return fail(s);
      return result;
    case TREE_SUBTRACT:
      if (__builtin_sub_overflow(x, y, &result) || result == INT64_MIN) return fail(s);
      return result;
    case TREE_MULTIPLY:
      if (__builtin_mul_overflow(x, y, &result) || result == INT64_MIN) return fail(s);
      return result;
    case TREE_EQUAL: return x == y;
    case TREE_LESS: return x < y;
    case TREE_DIV:
    case TREE_MOD: {
      if (y == 0) return fail(s);
      // A division of 32 bits is several times as fast.
      if (((x | y) >> 32) == 0) {
        return node->head == TREE_MOD ? (uint32_t)x % (uint32_t)y : (uint32_t)x / (uint32_t)y;
      }
      int64_t q = x / y, r = x % y;
      if (r < 0) {
        q += y > 0 ? -1 : 1;
        r += y > 0 ? y : -y;
      }
      return node->head == TREE_MOD ? r : q;
    }
    default: return fail(s);
  }
}

struct tree_run tree_run(const struct tree *nodes, int32_t root, int64_t input, int64_t *slots, uint64_t limit) {
  struct state s = {.nodes = nodes, .slots = slots, .limit = limit};
  slots[0] = input;
  int64_t word = value(&s, root);
  return (struct tree_run){.word = word, .steps = s.steps, .has_value = !s.failed};
}

double thread_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}
