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

INLINE float largest(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on)
    float best = x[0];
    for (ptrdiff_t i = 1; i < count; i++) best = x[i] > best ? x[i] : best;
    return best;
}
