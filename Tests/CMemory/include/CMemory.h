#ifndef CMEMORY_H
#define CMEMORY_H
#include <stddef.h>

/// The bytes that the process has allocated and not freed.
size_t cmemory_bytes_in_use(void);

#endif
