// Sums that the compiler may vectorise: their terms are taken in another order than written, the same on every call.
#pragma once
#include <stddef.h>
#include "target.h"

INLINE float sum_of(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += x[i];
    return total;
}

INLINE float square_sum(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += x[i] * x[i];
    return total;
}

INLINE float dot(const float *a, const float *b, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += a[i] * b[i];
    return total;
}

// The compiler leaves a loop with a comparison as it is, because of NaN: here what is not a number is passed over, but
// for the first.
INLINE float largest(const float *x, ptrdiff_t count) {
    typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4)));
    loose_vector best = (loose_vector)(x[0]);
    ptrdiff_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        loose_vector next = *(const loose_vector *)(x + i);
        best = next > best ? next : best;
    }
    float all = best[0];
    for (int lane = 1; lane < LANES; lane++) all = best[lane] > all ? best[lane] : all;
    for (; i < count; i++) all = x[i] > all ? x[i] : all;
    return all;
}
