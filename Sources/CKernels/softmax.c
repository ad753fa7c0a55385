#include "softmax.h"
#include "private/exponential.h"
#include "private/sums.h"

INLINE float row_maximum(const float *in, ptrdiff_t count) {
#pragma clang fp reassociate(on)
    float best = -INFINITY;
    for (ptrdiff_t i = 0; i < count; i++) best = in[i] > best ? in[i] : best;
    return best;
}

// Eight partial maxima vectorise where one does not.
INLINE float maximum_of(const float *in, ptrdiff_t count) {
    float lanes[16];
    for (int l = 0; l < 16; l++) lanes[l] = -INFINITY;
    ptrdiff_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (int l = 0; l < 16; l++) lanes[l] = in[i + l] > lanes[l] ? in[i + l] : lanes[l];
    float best = row_maximum(in + i, count - i);
    for (int l = 0; l < 16; l++) best = lanes[l] > best ? lanes[l] : best;
    return best;
}

INLINE float exponentials(float *out, const float *in, ptrdiff_t count, float shift) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) {
        float e = fast_exp(in[i] - shift);
        out[i] = e;
        total += e;
    }
    return total;
}

INLINE float sum_of_exponentials(const float *in, ptrdiff_t count, float scale, float shift) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += fast_exp(in[i] * scale - shift);
    return total;
}

INLINE float weighted_sum_of_exponentials(const float *in, ptrdiff_t count, float scale, float shift) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) {
        float x = in[i] * scale - shift;
        float e = fast_exp(x);
        total += e > 0.0f ? e * x : 0.0f;
    }
    return total;
}

KERNEL void kernel_softmax(
    float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns, int logarithm) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns;
        float *y = out + row * columns;
        float shift = maximum_of(x, columns);
        if (logarithm) {
            float level = shift + logf(sum_of_exponentials(x, columns, 1.0f, shift));
            for (ptrdiff_t i = 0; i < columns; i++) y[i] = x[i] - level;
        } else {
            float total = exponentials(y, x, columns, shift == -INFINITY ? 0.0f : shift);
            float inverse = total == 0.0f ? 0.0f : 1.0f / total;
            for (ptrdiff_t i = 0; i < columns; i++) y[i] *= inverse;
        }
    }
}

KERNEL void kernel_softmax_backward(
    float *restrict out, const float *restrict gradient, const float *restrict result, ptrdiff_t rows,
    ptrdiff_t columns, int logarithm) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *g = gradient + row * columns, *y = result + row * columns;
        float *o = out + row * columns;
        if (logarithm) {
            float total = sum_of(g, columns);
            for (ptrdiff_t i = 0; i < columns; i++) o[i] = g[i] - fast_exp(y[i]) * total;
        } else {
            float total = dot(g, y, columns);
            for (ptrdiff_t i = 0; i < columns; i++) o[i] = y[i] * (g[i] - total);
        }
    }
}

KERNEL void kernel_token_statistics(
    const float *restrict logits, ptrdiff_t rows, ptrdiff_t columns, const int32_t *targets, float scale,
    float *restrict log_sum, float *restrict log_probability, float *restrict entropy) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        float shift = maximum_of(x, columns) * scale;
        float total = sum_of_exponentials(x, columns, scale, shift);
        float level = logf(total);
        log_sum[row] = shift + level;
        log_probability[row] = (x[targets[row]] * scale - shift) - level;
        if (entropy) entropy[row] = level - weighted_sum_of_exponentials(x, columns, scale, shift) / total;
    }
}

KERNEL void kernel_token_gradient(
    float *restrict logits, ptrdiff_t rows, ptrdiff_t columns, const int32_t *targets, float scale,
    const float *restrict log_sum, const float *restrict weights) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *x = logits + row * columns;
        float level = log_sum[row], weight = weights[row] * scale;
        if (weight == 0.0f) {
            memset(x, 0, (size_t)columns * sizeof(float));
            continue;
        }
        for (ptrdiff_t i = 0; i < columns; i++) x[i] = -weight * fast_exp(x[i] * scale - level);
        x[targets[row]] += weight;
    }
}

KERNEL void kernel_attention_softmax(
    float *restrict scores, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t leading, int causal, ptrdiff_t visible,
    const float *mask, ptrdiff_t mask_row, ptrdiff_t mask_column) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *x = scores + row * leading;
        ptrdiff_t count = causal ? visible + row : columns;
        if (count > columns) count = columns;
        if (count < 0) count = 0;
        if (mask) {
            const float *m = mask + row * mask_row;
            for (ptrdiff_t i = 0; i < count; i++) x[i] += m[i * mask_column];
        }
        float shift = maximum_of(x, count);
        float total = exponentials(x, x, count, shift == -INFINITY ? 0.0f : shift);
        float inverse = total == 0.0f ? 0.0f : 1.0f / total;
        for (ptrdiff_t i = 0; i < count; i++) x[i] *= inverse;
        for (ptrdiff_t i = count; i < columns; i++) x[i] = 0.0f;
    }
}

KERNEL void kernel_attention_softmax_backward(
    float *restrict d_p, const float *restrict p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t leading, float scale) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *d = d_p + row * leading;
        const float *q = p + row * leading;
        float total = dot(d, q, columns);
        for (ptrdiff_t i = 0; i < columns; i++) d[i] = q[i] * (d[i] - total) * scale;
    }
}
