// Memory in whole pages.
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "CKernels.h"

void *levin_pages_resize(void *old, size_t old_bytes, size_t new_bytes) {
  void *pages = MAP_FAILED;
#if defined(__linux__)
  if (old_bytes) pages = mremap(old, old_bytes, new_bytes, MREMAP_MAYMOVE);
  else
#endif
    pages = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return NULL;
#if defined(__linux__)
  if (new_bytes >= ((size_t)1 << 22)) madvise(pages, new_bytes, MADV_HUGEPAGE);
#else
  if (old_bytes) {
    memcpy(pages, old, old_bytes);
    munmap(old, old_bytes);
  }
#endif
  return pages;
}

void levin_pages_free(void *pages, size_t bytes) { munmap(pages, bytes); }
