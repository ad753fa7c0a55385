#include "CMemory.h"
#include <malloc.h>

size_t cmemory_bytes_in_use(void) {
    struct mallinfo2 information = mallinfo2();
    return information.uordblks + information.hblkhd;
}

static size_t allocations;

size_t cmemory_allocations(void) { return __atomic_load_n(&allocations, __ATOMIC_RELAXED); }

// A sanitizer has a malloc of its own.
#if defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define COUNTS_ALLOCATIONS
#endif
#endif

#ifdef COUNTS_ALLOCATIONS
void *__libc_malloc(size_t size);

// The executable's malloc comes before the C library's.
void *malloc(size_t size) {
    __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
    return __libc_malloc(size);
}

int cmemory_counts_allocations(void) { return 1; }
#else
int cmemory_counts_allocations(void) { return 0; }
#endif
