#ifndef CMEMORY_H
#define CMEMORY_H
#include <stddef.h>

/// The bytes that the process has allocated and not freed.
size_t cmemory_bytes_in_use(void);

/// How often the process has called `malloc`.
size_t cmemory_allocations(void);

/// Whether the above counts: not under a sanitizer, which has a `malloc` of its own.
int cmemory_counts_allocations(void);

#endif
