// Plain C counterparts of what Levin does, to compare with.
#ifndef LEVIN_REFERENCE_H
#define LEVIN_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#define REFERENCE_LEVELS 512

// One complete level, numbered as Levin's `Ladder` does.
struct reference_level {
  uint32_t nonterminal, bits;
  uint64_t candidates;  // evaluated in this level
  uint64_t new_classes;
  uint64_t programs;    // counted over classes; 0 without mass
};

struct reference_result {
  struct reference_level levels[REFERENCE_LEVELS];
  size_t level_count;
  uint64_t candidates, classes;
  uint64_t repeats;            // classes met again at a later level, over all levels (with mass)
  uint64_t bytes;              // used by the tables (pages touched, rounded)
  double seconds, user_seconds;  // CPU time of the enumeration, and outside the kernel
  double evaluate_seconds;     // the last level of E again: evaluation and hashing only
  uint64_t evaluated;          // candidates of that
  double probe_seconds;        // random probes of the finished hash table
  double slot_nanoseconds;     // one prefetched random slot
  double row_nanoseconds;      // one prefetched random row
  double append_nanoseconds;   // writing one new row
};

// Enumerates grammars/integers.sl up to `bits` on `lanes` (8, 16 or 64) inputs. 0 when memory is refused.
// `measure` adds the figures below `seconds`.
int reference_enumerate(
    int lanes, int mass, const int64_t *a, const int64_t *b, int64_t modulus, int bits, int measure,
    struct reference_result *result);

// CPU seconds of this thread, and those of them outside the kernel.
double reference_seconds(void);
double reference_user_seconds(void);

// `count` times mpz_init, mpz_add, mpz_clear on operands of `bits` bits; CPU seconds.
double reference_add(int bits, size_t count);

// Keeps a value alive.
void reference_keep(const void *value);

#endif
