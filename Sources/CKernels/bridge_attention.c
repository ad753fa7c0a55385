#include "bridge_attention.h"
#include "private/exponential.h"
#include "private/sums.h"

INLINE void add_scaled(float *restrict out, const float *restrict in, float scale, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] += in[i] * scale;
}

// 1 for living rows and 0 for dead ones, as floats: the loops over rows then vectorise.
INLINE void read_life(float *life, const uint8_t *alive, ptrdiff_t width, ptrdiff_t length) {
    for (ptrdiff_t j = 0; j < width; j++) life[j] = !alive || alive[j * length] ? 1.0f : 0.0f;
}

// Row i's weights over the living rows of one head, in place of p; dead rows get 0, whatever they hold.
INLINE void row_probabilities(
    float *restrict p, const float *query, const float *keys, const float *restrict life, ptrdiff_t width,
    ptrdiff_t row_step, ptrdiff_t head_dim, float scale) {
    for (ptrdiff_t j = 0; j < width; j++) p[j] = dot(query, keys + j * row_step, head_dim);
    float best = -INFINITY;
    for (ptrdiff_t j = 0; j < width; j++) {
        p[j] = life[j] != 0.0f ? p[j] * scale : -INFINITY;
        best = p[j] > best ? p[j] : best;
    }
    for (ptrdiff_t j = 0; j < width; j++) p[j] = fast_exp(p[j] - best);
    float total = 0.0f;
    for (ptrdiff_t j = 0; j < width; j++) total += p[j];
    float inverse = 1.0f / total;  // The row itself lives, so total >= 1.
    for (ptrdiff_t j = 0; j < width; j++) p[j] *= inverse;
}

INLINE void forward(
    float *restrict out, const float *restrict q, const float *restrict k, const float *restrict v,
    const uint8_t *alive, ptrdiff_t width, ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first,
    ptrdiff_t last, float *restrict scratch) {
    ptrdiff_t dim = heads * head_dim, row_step = length * dim;
    float scale = 1.0f / sqrtf((float)head_dim);
    float *p = scratch, *life = scratch + 2 * width;
    for (ptrdiff_t place = first; place < last; place++) {
        ptrdiff_t group = place / length, step = place % length;
        ptrdiff_t start = (group * width * length + step) * dim;
        read_life(life, alive ? alive + group * width * length + step : 0, width, length);
        for (ptrdiff_t i = 0; i < width; i++) {
            float *o = out + start + i * row_step;
            memset(o, 0, (size_t)dim * sizeof(float));
            if (life[i] == 0.0f) continue;
            for (ptrdiff_t h = 0; h < heads; h++) {
                ptrdiff_t at = start + h * head_dim;
                row_probabilities(
                    p, q + at + i * row_step, k + at, life, width, row_step, head_dim, scale);
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life[j] == 0.0f) continue;
                    add_scaled(o + h * head_dim, v + at + j * row_step, p[j], head_dim);
                }
            }
        }
    }
}

INLINE void backward(
    float *restrict d_q, float *restrict d_k, float *restrict d_v, const float *restrict gradient,
    const float *restrict q, const float *restrict k, const float *restrict v, const uint8_t *alive, ptrdiff_t width,
    ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first, ptrdiff_t last, float *restrict scratch) {
    ptrdiff_t dim = heads * head_dim, row_step = length * dim;
    float scale = 1.0f / sqrtf((float)head_dim);
    float *p = scratch, *d_p = scratch + width, *life = scratch + 2 * width;
    for (ptrdiff_t place = first; place < last; place++) {
        ptrdiff_t group = place / length, step = place % length;
        ptrdiff_t start = (group * width * length + step) * dim;
        read_life(life, alive ? alive + group * width * length + step : 0, width, length);
        for (ptrdiff_t i = 0; i < width; i++) {
            memset(d_q + start + i * row_step, 0, (size_t)dim * sizeof(float));
            memset(d_k + start + i * row_step, 0, (size_t)dim * sizeof(float));
            memset(d_v + start + i * row_step, 0, (size_t)dim * sizeof(float));
        }
        for (ptrdiff_t i = 0; i < width; i++) {
            if (life[i] == 0.0f) continue;
            for (ptrdiff_t h = 0; h < heads; h++) {
                ptrdiff_t at = start + h * head_dim, own = at + i * row_step;
                row_probabilities(p, q + own, k + at, life, width, row_step, head_dim, scale);
                float total = 0.0f;
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life[j] == 0.0f) continue;
                    d_p[j] = dot(gradient + own, v + at + j * row_step, head_dim);
                    total += p[j] * d_p[j];
                }
                for (ptrdiff_t j = 0; j < width; j++) {
                    if (life[j] == 0.0f) continue;
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

// The usual head sizes as constants: their short loops unroll.
#define FOR_HEAD_DIM(CALL)                                                                                             \
    switch (head_dim) {                                                                                                \
    case 8: CALL(8); break;                                                                                            \
    case 16: CALL(16); break;                                                                                          \
    case 32: CALL(32); break;                                                                                          \
    default: CALL(head_dim); break;                                                                                    \
    }

#define FORWARD(DIM) forward(out, q, k, v, alive, width, length, heads, DIM, first, last, scratch)
#define BACKWARD(DIM) backward(d_q, d_k, d_v, gradient, q, k, v, alive, width, length, heads, DIM, first, last, scratch)

KERNEL void kernel_bridge_attention(
    float *out, const float *q, const float *k, const float *v, const uint8_t *alive, ptrdiff_t width,
    ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first, ptrdiff_t last, float *scratch) {
    FOR_HEAD_DIM(FORWARD)
}

KERNEL void kernel_bridge_attention_backward(
    float *d_q, float *d_k, float *d_v, const float *gradient, const float *q, const float *k, const float *v,
    const uint8_t *alive, ptrdiff_t width, ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first,
    ptrdiff_t last, float *scratch) {
    FOR_HEAD_DIM(BACKWARD)
}
