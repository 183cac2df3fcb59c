// GMP as Swift sees it: the library's header, functions for the macros that Swift cannot import, and the box that an
// integer lives in.
#ifndef LEVIN_CGMP_SHIM_H
#define LEVIN_CGMP_SHIM_H

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

static inline int levin_mpz_sign(const __mpz_struct *x) { return mpz_sgn(x); }
static inline int levin_mpz_is_odd(const __mpz_struct *x) { return mpz_odd_p(x); }

static inline void *levin_allocate(size_t bytes) {
  void *memory = malloc(bytes);
  if (!memory) {
    // As GMP does when it finds no memory.
    fprintf(stderr, "out of memory: %zu bytes for a number\n", bytes);
    abort();
  }
  return memory;
}

// Of a count: whoever has the only reference may do without an atomic change, since nobody else can take one.
static inline int levin_is_only(const long *references) { return __atomic_load_n(references, __ATOMIC_ACQUIRE) == 1; }
static inline int levin_was_last(long *references) {
  return levin_is_only(references) || __atomic_sub_fetch(references, 1, __ATOMIC_ACQ_REL) == 0;
}

// An integer, and room for its words behind it when it was made with room.
//
// Imported as a class whose references Swift counts with the two functions named here. An object of Swift's own costs as
// much, made and released, as GMP's whole sum of two numbers; this one costs malloc and free.
struct __attribute__((swift_attr("import_reference")))
__attribute__((swift_attr("retain:levin_integer_retain")))
__attribute__((swift_attr("release:levin_integer_release"))) levin_integer {
  long references;
  __mpz_struct value;
  mp_limb_t words[];
};

// Zero. With limbs > 0 there is room for so many words in the box: GMP must never resize it, so it may be computed into
// once, by a function that needs no more. With limbs = 0 GMP looks after the words.
static inline struct levin_integer *_Nonnull levin_integer_make(long limbs)
    __attribute__((swift_attr("returns_retained"))) {
  struct levin_integer *box = (struct levin_integer *)levin_allocate(sizeof *box + (size_t)limbs * sizeof(mp_limb_t));
  box->references = 1;
  if (limbs == 0) {
    mpz_init(&box->value);
  } else {
    box->value._mp_alloc = (int)limbs;
    box->value._mp_size = 0;
    box->value._mp_d = box->words;
  }
  return box;
}

static inline __mpz_struct *_Nonnull levin_integer_value(struct levin_integer *_Nonnull box) { return &box->value; }

static inline int levin_integer_is_fixed(const struct levin_integer *box) { return box->value._mp_d == box->words; }

// Whether GMP may change the number in place. It takes the place of the reference, not the reference, so that nothing that
// was copied from there can still lean on the one that is counted.
static inline int levin_integer_may_change(struct levin_integer *_Nonnull *_Nonnull place) {
  return levin_is_only(&(*place)->references) && !levin_integer_is_fixed(*place);
}

// Both take null: an optional without a number is retained and released too.
static inline void levin_integer_retain(struct levin_integer *box) {
  if (!box) return;
  __atomic_fetch_add(&box->references, 1, __ATOMIC_RELAXED);
}
static inline void levin_integer_release(struct levin_integer *box) {
  if (!box || !levin_was_last(&box->references)) return;
  if (!levin_integer_is_fixed(box)) mpz_clear(&box->value);
  free(box);
}

#endif
