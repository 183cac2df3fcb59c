// Memory in whole pages.
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "CKernels.h"

#define HUGE ((size_t)1 << 21)
// From this size on, a mapping begins at a multiple of a huge page and asks for them.
#define LARGE ((size_t)1 << 22)

static void *map(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

#if defined(__linux__)
// Address space for `bytes` from a multiple of a huge page on. Pages that move between such places stay huge.
static char *reserve(size_t bytes) {
  char *start = mmap(NULL, bytes + HUGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return NULL;
  char *aligned = (char *)(((uintptr_t)start + HUGE - 1) / HUGE * HUGE);
  if (aligned > start) munmap(start, (size_t)(aligned - start));
  const size_t rest = (size_t)(start + HUGE - aligned);
  if (rest) munmap(aligned + bytes, rest);
  return aligned;
}

static void *map_large(size_t bytes) {
  char *place = reserve(bytes);
  if (!place) return NULL;
  if (mprotect(place, bytes, PROT_READ | PROT_WRITE)) {
    munmap(place, bytes);
    return NULL;
  }
  madvise(place, bytes, MADV_HUGEPAGE);
  return place;
}

void *levin_pages_resize(void *old, size_t old_bytes, size_t new_bytes) {
  if (new_bytes < LARGE) {
    if (!old_bytes) return map(new_bytes);
    void *pages = mremap(old, old_bytes, new_bytes, MREMAP_MAYMOVE);
    return pages == MAP_FAILED ? NULL : pages;
  }
  if (old_bytes < LARGE) {
    void *pages = map_large(new_bytes);
    if (pages && old_bytes) {
      memcpy(pages, old, old_bytes);
      munmap(old, old_bytes);
    }
    return pages;
  }
  char *place = reserve(new_bytes);
  if (!place) return NULL;
  void *pages = mremap(old, old_bytes, new_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  if (pages == MAP_FAILED) {
    munmap(place, new_bytes);
    return NULL;
  }
  madvise(pages, new_bytes, MADV_HUGEPAGE);
  return pages;
}
#else
void *levin_pages_resize(void *old, size_t old_bytes, size_t new_bytes) {
  void *pages = map(new_bytes);
  if (pages && old_bytes) {
    memcpy(pages, old, old_bytes);
    munmap(old, old_bytes);
  }
  return pages;
}
#endif

void levin_pages_free(void *pages, size_t bytes) { munmap(pages, bytes); }
