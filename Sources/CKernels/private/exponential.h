// Exponential functions that the compiler can vectorise; they follow Cephes' single-precision versions (Moshier).
#pragma once
#include <stdint.h>
#include <string.h>
#include <math.h>
#include "target.h"

INLINE float power_of_two(int n) {
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// exp(x) within 2 ulp; -inf gives 0, overflow gives inf, NaN stays NaN. No fast-math pragma in here: reassociating the
// two-part reduction would lose its point.
INLINE float fast_exp(float x) {
    float clamped = x > 89.0f ? 89.0f : x;
    clamped = clamped < -104.0f ? -104.0f : clamped;
    float n = __builtin_rintf(clamped * 1.44269504088896341f);
    float r = __builtin_fmaf(n, -0.693359375f, clamped);
    r = __builtin_fmaf(n, 2.12194440e-4f, r);
    float p = 1.9875691500e-4f;
    p = __builtin_fmaf(p, r, 1.3981999507e-3f);
    p = __builtin_fmaf(p, r, 8.3334519073e-3f);
    p = __builtin_fmaf(p, r, 4.1665795894e-2f);
    p = __builtin_fmaf(p, r, 1.6666665459e-1f);
    p = __builtin_fmaf(p, r, 5.0000001201e-1f);
    p = __builtin_fmaf(p, r * r, r) + 1.0f;
    // In two steps, so that neither the largest nor the subnormal results need a power out of range.
    // C does not say what NaN is as an int.
    int whole = (int)(x != x ? 0.0f : n), half = whole >> 1;
    float result = p * power_of_two(half) * power_of_two(whole - half);
    return x != x ? x : result;
}

INLINE float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

INLINE float fast_tanh(float x) {
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = __builtin_fmaf(p, z, 2.06390887954e-2f);
    p = __builtin_fmaf(p, z, -5.37397155531e-2f);
    p = __builtin_fmaf(p, z, 1.33314422036e-1f);
    p = __builtin_fmaf(p, z, -3.33332819422e-1f);
    float small = __builtin_fmaf(p * z, x, x);
    float magnitude = fabsf(x);
    float large = copysignf(1.0f - 2.0f / (fast_exp(2.0f * magnitude) + 1.0f), x);
    return magnitude < 0.625f ? small : large;
}

// log(x) within 2 ulp; -inf at 0, NaN below.
INLINE float fast_log(float x) {
    // Subnormal numbers are brought into range first.
    int is_small = x < 1.17549435e-38f;
    float scaled = is_small ? x * 8388608.0f : x;
    int32_t bits;
    memcpy(&bits, &scaled, sizeof bits);
    // x = m * 2^n with m in [sqrt(1/2), sqrt(2))
    int32_t shifted = bits - 0x3f3504f3;
    float n = (float)(shifted >> 23) - (is_small ? 23.0f : 0.0f);
    bits = (shifted & 0x007fffff) + 0x3f3504f3;
    float m;
    memcpy(&m, &bits, sizeof m);
    float r = m - 1.0f, z = r * r;
    float p = 7.0376836292e-2f;
    p = __builtin_fmaf(p, r, -1.1514610310e-1f);
    p = __builtin_fmaf(p, r, 1.1676998740e-1f);
    p = __builtin_fmaf(p, r, -1.2420140846e-1f);
    p = __builtin_fmaf(p, r, 1.4249322787e-1f);
    p = __builtin_fmaf(p, r, -1.6668057665e-1f);
    p = __builtin_fmaf(p, r, 2.0000714765e-1f);
    p = __builtin_fmaf(p, r, -2.4999993993e-1f);
    p = __builtin_fmaf(p, r, 3.3333331174e-1f);
    float y = __builtin_fmaf(n, -2.12194440e-4f, r * z * p);
    float result = __builtin_fmaf(n, 0.693359375f, r + __builtin_fmaf(-0.5f, z, y));
    result = x == INFINITY ? x : result;
    result = x == 0.0f ? -INFINITY : result;
    return x < 0.0f || x != x ? NAN : result;
}

// The error function, within 2 ulp of 1.
INLINE float fast_erf(float x) {
    float z = x * x;
    float s = 7.853861353153693e-5f;
    s = __builtin_fmaf(s, z, -8.010193625184903e-4f);
    s = __builtin_fmaf(s, z, 5.188327685732524e-3f);
    s = __builtin_fmaf(s, z, -2.685381193529856e-2f);
    s = __builtin_fmaf(s, z, 1.128358514861418e-1f);
    s = __builtin_fmaf(s, z, -3.761262582423300e-1f);
    s = __builtin_fmaf(s, z, 1.128379165726710f);
    float small = x * s;
    float a = fabsf(x), q = 1.0f / (a > 1.0f ? a : 1.0f), y = q * q;
    float near = 2.326819970068386e-2f;
    near = __builtin_fmaf(near, y, -1.387039388740657e-1f);
    near = __builtin_fmaf(near, y, 3.687424674597105e-1f);
    near = __builtin_fmaf(near, y, -5.824733027278666e-1f);
    near = __builtin_fmaf(near, y, 6.210004621745983e-1f);
    near = __builtin_fmaf(near, y, -4.944515323274145e-1f);
    near = __builtin_fmaf(near, y, 3.404879937665872e-1f);
    near = __builtin_fmaf(near, y, -2.741127028184656e-1f);
    near = __builtin_fmaf(near, y, 5.638259427386472e-1f);
    float far = -1.047766399936249e+1f;
    far = __builtin_fmaf(far, y, 1.297719955372516e+1f);
    far = __builtin_fmaf(far, y, -7.495518717768503f);
    far = __builtin_fmaf(far, y, 2.921019019210786f);
    far = __builtin_fmaf(far, y, -1.015265279202700f);
    far = __builtin_fmaf(far, y, 4.218463358204948e-1f);
    far = __builtin_fmaf(far, y, -2.820767439740514e-1f);
    far = __builtin_fmaf(far, y, 5.641895067754075e-1f);
    float tail = fast_exp(-z) * q * (a < 2.0f ? near : far);
    float large = copysignf(1.0f - tail, x);
    float result = a <= 1.0f ? small : large;
    return x != x ? x : result;
}
