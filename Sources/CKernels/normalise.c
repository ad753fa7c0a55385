#include "normalise.h"
#include "private/sums.h"
#include "private/target.h"
#include <math.h>

INLINE float dot3(const float *a, const float *b, const float *c, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += a[i] * b[i] * c[i];
    return total;
}

KERNEL void kernel_rms_norm(
    float *restrict out, float *restrict inverse, const float *restrict x, const float *restrict weight,
    ptrdiff_t rows, ptrdiff_t columns, float epsilon) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *p = x + row * columns;
        float *o = out + row * columns;
        float r = 1.0f / sqrtf(square_sum(p, columns) / (float)columns + epsilon);
        inverse[row] = r;
        for (ptrdiff_t i = 0; i < columns; i++) o[i] = p[i] * r * weight[i];
    }
}

KERNEL void kernel_rms_norm_backward(
    float *restrict d_x, float *restrict d_weight, const float *restrict gradient, const float *restrict x,
    const float *restrict weight, const float *restrict inverse, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *g = gradient + row * columns, *p = x + row * columns;
        float *d = d_x + row * columns;
        float r = inverse[row];
        float along = dot3(g, weight, p, columns) * r * r * r / (float)columns;
        for (ptrdiff_t i = 0; i < columns; i++) {
            d[i] = g[i] * weight[i] * r - p[i] * along;
            d_weight[i] += g[i] * p[i] * r;
        }
    }
}

KERNEL void kernel_rope(
    float *restrict out, const float *restrict in, ptrdiff_t first_row, ptrdiff_t last_row, ptrdiff_t length,
    ptrdiff_t heads, ptrdiff_t half, const float *restrict cosines, const float *restrict sines, float sign) {
    for (ptrdiff_t row = first_row; row < last_row; row++) {
        const float *c = cosines + row % length * half, *s = sines + row % length * half;
        for (ptrdiff_t head = 0; head < heads; head++) {
            const float *p = in + (row * heads + head) * 2 * half;
            float *o = out + (row * heads + head) * 2 * half;
            for (ptrdiff_t i = 0; i < half; i++) {
                float a = p[i], b = p[i + half], turn = s[i] * sign;
                o[i] = a * c[i] - b * turn;
                o[i + half] = b * c[i] + a * turn;
            }
        }
    }
}
