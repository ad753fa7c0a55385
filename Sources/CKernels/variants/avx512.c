// For x86-64 processors with AVX-512.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#define VARIANT_SUFFIX avx512
#define LANES 16
#define MATMUL_ROWS 12
#define MATMUL_INNER 768
#define WIDE __attribute__((min_vector_width(512)))

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#include "../kernels/all.inc"
#pragma clang attribute pop

#endif
