#ifndef SWITCH_REFERENCE_H
#define SWITCH_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

// Terms of grammars/sequences.sl as trees, run by one recursive switch: what Levin's flat code is compared with.

enum tree_head {
  TREE_VARIABLE, TREE_CONSTANT, TREE_ADD, TREE_SUBTRACT, TREE_MULTIPLY, TREE_DIV, TREE_MOD, TREE_EQUAL, TREE_LESS,
  TREE_ITE, TREE_LOOP, TREE_LOOP2, TREE_COMPR, TREE_PAIR, TREE_LAMBDA
};

// Children by number in one array; a lambda's body is a and its slots are b and c.
struct tree {
  int32_t head, a, b, c;
  int64_t word;
};

struct tree_run {
  int64_t word;
  uint64_t steps;
  bool has_value;
};

// Runs nodes[root] with the first slot set to input; slots has room for every variable.
struct tree_run tree_run(const struct tree *nodes, int32_t root, int64_t input, int64_t *slots, uint64_t limit);

// CPU seconds of this thread.
double thread_seconds(void);

#endif
