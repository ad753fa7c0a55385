// Results too large for the caches, written past them: a store that does not read the line first moves a third less
// memory. They are computed in blocks that stay in the first cache.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "target.h"

#define STREAM_BLOCK 1024

INLINE void stream_out(float *restrict out, const float *restrict block, ptrdiff_t count) {
    typedef float aligned_vector __attribute__((ext_vector_type(LANES)));
    typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4)));
    ptrdiff_t i = 0;
    while (i < count && ((uintptr_t)(out + i) & (LANES * sizeof(float) - 1)) != 0) { out[i] = block[i]; i++; }
    for (; i + LANES <= count; i += LANES)
        __builtin_nontemporal_store((aligned_vector) * (const loose_vector *)(block + i), (aligned_vector *)(out + i));
    for (; i < count; i++) out[i] = block[i];
}

// Other threads see the stores before anything that comes after this.
INLINE void stream_end(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}
