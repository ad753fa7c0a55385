#include "peak.h"

typedef float lanes __attribute__((ext_vector_type(16)));

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define DEFINE_CHAINS(CHAINS)                                                                                         \
    CLONES float peak_chains_##CHAINS(long turns) {                                                                   \
        _Pragma("clang fp contract(fast)")                                                                            \
        lanes sums[CHAINS], factor = (lanes)(0.999f), term = (lanes)(1e-3f);                                          \
        /* All different: the compiler takes equal chains for one. */                                                \
        for (int c = 0; c < CHAINS; c++)                                                                              \
            for (int lane = 0; lane < 16; lane++) sums[c][lane] = (float)(16 * c + lane);                             \
        for (long t = 0; t < turns; t++) {                                                                            \
            /* Keeps the compiler from working out the sum. */                                                        \
            __asm__ volatile("" ::: "memory");                                                                        \
            _Pragma("unroll")                                                                                         \
            for (int c = 0; c < CHAINS; c++) sums[c] = sums[c] * factor + term;                                       \
        }                                                                                                             \
        float total = 0.0f;                                                                                           \
        for (int c = 0; c < CHAINS; c++)                                                                              \
            for (int lane = 0; lane < 16; lane++) total += sums[c][lane];                                             \
        return total;                                                                                                 \
    }

DEFINE_CHAINS(6)
DEFINE_CHAINS(12)
