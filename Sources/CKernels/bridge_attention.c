#include "bridge_attention.h"
#include "private/exponential.h"

INLINE float dot(const float *a, const float *b, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += a[i] * b[i];
    return total;
}

INLINE void add_scaled(float *restrict out, const float *restrict in, float scale, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] += in[i] * scale;
}

// Row i's weights over the living rows of one head, in place of p; dead rows get 0.
INLINE void row_probabilities(
    float *p, const float *query, const float *keys, const uint8_t *life, ptrdiff_t width, ptrdiff_t length,
    ptrdiff_t row_step, ptrdiff_t head_dim, float scale) {
    float best = -INFINITY;
    for (ptrdiff_t j = 0; j < width; j++) {
        if (life && !life[j * length]) continue;
        p[j] = dot(query, keys + j * row_step, head_dim) * scale;
        best = p[j] > best ? p[j] : best;
    }
    float total = 0.0f;
    for (ptrdiff_t j = 0; j < width; j++) {
        p[j] = life && !life[j * length] ? 0.0f : fast_exp(p[j] - best);
        total += p[j];
    }
    float inverse = 1.0f / total;  // The row itself lives, so total >= 1.
    for (ptrdiff_t j = 0; j < width; j++) p[j] *= inverse;
}

KERNEL void kernel_bridge_attention(
    float *restrict out, const float *restrict q, const float *restrict k, const float *restrict v,
    const uint8_t *alive, ptrdiff_t width, ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first,
    ptrdiff_t last, float *restrict scratch) {
    ptrdiff_t dim = heads * head_dim, row_step = length * dim;
    float scale = 1.0f / sqrtf((float)head_dim);
    for (ptrdiff_t place = first; place < last; place++) {
        ptrdiff_t group = place / length, step = place % length;
        ptrdiff_t start = (group * width * length + step) * dim;
        const uint8_t *life = alive ? alive + group * width * length + step : 0;
        for (ptrdiff_t i = 0; i < width; i++) {
            float *o = out + start + i * row_step;
            memset(o, 0, (size_t)dim * sizeof(float));
            if (life && !life[i * length]) continue;
            for (ptrdiff_t h = 0; h < heads; h++) {
                ptrdiff_t at = start + h * head_dim;
                row_probabilities(
                    scratch, q + at + i * row_step, k + at, life, width, length, row_step, head_dim, scale);
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life && !life[j * length]) continue;
                    add_scaled(o + h * head_dim, v + at + j * row_step, scratch[j], head_dim);
                }
            }
        }
    }
}

KERNEL void kernel_bridge_attention_backward(
    float *restrict d_q, float *restrict d_k, float *restrict d_v, const float *restrict gradient,
    const float *restrict q, const float *restrict k, const float *restrict v, const uint8_t *alive, ptrdiff_t width,
    ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first, ptrdiff_t last, float *restrict scratch) {
    ptrdiff_t dim = heads * head_dim, row_step = length * dim;
    float scale = 1.0f / sqrtf((float)head_dim);
    float *p = scratch, *d_p = scratch + width;
    for (ptrdiff_t place = first; place < last; place++) {
        ptrdiff_t group = place / length, step = place % length;
        ptrdiff_t start = (group * width * length + step) * dim;
        const uint8_t *life = alive ? alive + group * width * length + step : 0;
        for (ptrdiff_t i = 0; i < width; i++) {
            memset(d_q + start + i * row_step, 0, (size_t)dim * sizeof(float));
            memset(d_k + start + i * row_step, 0, (size_t)dim * sizeof(float));
            memset(d_v + start + i * row_step, 0, (size_t)dim * sizeof(float));
        }
        for (ptrdiff_t i = 0; i < width; i++) {
            if (life && !life[i * length]) continue;
            for (ptrdiff_t h = 0; h < heads; h++) {
                ptrdiff_t at = start + h * head_dim, own = at + i * row_step;
                row_probabilities(p, q + own, k + at, life, width, length, row_step, head_dim, scale);
                float total = 0.0f;
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life && !life[j * length]) continue;
                    d_p[j] = dot(gradient + own, v + at + j * row_step, head_dim);
                    total += p[j] * d_p[j];
                }
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life && !life[j * length]) continue;
                    ptrdiff_t other = at + j * row_step;
                    float slope = p[j] * (d_p[j] - total) * scale;
                    add_scaled(d_v + other, gradient + own, p[j], head_dim);
                    add_scaled(d_q + own, k + other, slope, head_dim);
                    add_scaled(d_k + other, q + own, slope, head_dim);
                }
            }
        }
    }
}
