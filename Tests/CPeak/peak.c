#include "peak.h"

typedef float lanes __attribute__((ext_vector_type(16)));

#if defined(__x86_64__) && defined(__linux__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
float peak_chains(long turns) {
#pragma clang fp contract(fast)
    lanes sums[12], factor = (lanes)(0.999f), term = (lanes)(1e-3f);
    for (int c = 0; c < 12; c++) sums[c] = (lanes)((float)c);
    for (long t = 0; t < turns; t++) {
        // The factor changes nothing, but keeps the compiler from working out the sum.
        __asm__ volatile("" ::: "memory");
#pragma unroll
        for (int c = 0; c < 12; c++) sums[c] = sums[c] * factor + term;
    }
    float total = 0.0f;
    for (int c = 0; c < 12; c++) total += sums[c][0];
    return total;
}
