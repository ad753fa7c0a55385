// For x86-64 processors with AVX2 and FMA.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#define VARIANT_SUFFIX avx2
#define LANES 8
#define MATMUL_ROWS 6
#define MATMUL_INNER 576
#define WIDE

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "../kernels/all.inc"
#pragma clang attribute pop

#endif
