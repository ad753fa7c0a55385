// Sines and cosines that the compiler can vectorise; the polynomials are those of Cephes (Moshier).
#pragma once
#include <math.h>
#include <stddef.h>
#include "target.h"

// sin(x), or cos(x) if `quarter` is 1, for |x| up to 8192.
INLINE float fast_sine(float x, int quarter) {
    float n = __builtin_rintf(x * 0.636619772367581343f);
    // x - n pi / 2, with pi / 2 in three parts.
    float r = __builtin_fmaf(n, -1.5703125f, x);
    r = __builtin_fmaf(n, -4.837512969970703125e-4f, r);
    r = __builtin_fmaf(n, -7.54978995489188e-8f, r);
    float z = r * r;
    float s = __builtin_fmaf(-1.9515295891e-4f, z, 8.3321608736e-3f);
    s = __builtin_fmaf(s, z, -1.6666654611e-1f);
    s = __builtin_fmaf(s * z, r, r);
    float c = __builtin_fmaf(2.443315711809948e-5f, z, -1.388731625493765e-3f);
    c = __builtin_fmaf(c, z, 4.166664568298827e-2f);
    c = __builtin_fmaf(c, z * z, __builtin_fmaf(-0.5f, z, 1.0f));
    int turn = (int)n + quarter;
    float value = turn & 1 ? c : s;
    return turn & 2 ? -value : value;
}

// All at once, then those of which the fast one is not exact.
INLINE void trigonometric(float *restrict out, const float *restrict in, ptrdiff_t count, int quarter) {
    int far = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        float x = in[i];
        int is_far = !(x > -8192.0f && x < 8192.0f);
        far |= is_far;
        out[i] = fast_sine(is_far ? 0.0f : x, quarter);
    }
    if (!far) return;
    for (ptrdiff_t i = 0; i < count; i++) {
        float x = in[i];
        if (!(x > -8192.0f && x < 8192.0f)) out[i] = quarter ? cosf(x) : sinf(x);
    }
}
