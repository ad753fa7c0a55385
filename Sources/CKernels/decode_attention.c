// Attention to the cache, and across the rows of a group.
#include "decode.h"
#include "private/exponential.h"
#include "private/sums.h"
#include "private/target.h"

typedef float float4 __attribute__((ext_vector_type(4), aligned(4)));
typedef float float8 __attribute__((ext_vector_type(8), aligned(4)));

INLINE void rotate(float *x, ptrdiff_t half, const float *cosines, const float *sines) {
    for (ptrdiff_t i = 0; i < half; i++) {
        float a = x[i], b = x[half + i];
        x[i] = a * cosines[i] - b * sines[i];
        x[half + i] = b * cosines[i] + a * sines[i];
    }
}

KERNEL void decode_rotate_and_store(
    float *qkv, const decode_row *rows, ptrdiff_t count, ptrdiff_t layer, decode_heads shape, const float *cosines,
    const float *sines) {
    ptrdiff_t half = shape.head_dim / 2, inner = shape.key_value_heads * shape.head_dim;
    ptrdiff_t stride = shape.heads * shape.head_dim + 2 * inner;
    for (ptrdiff_t r = 0; r < count; r++) {
        const decode_row *row = rows + r;
        const float *c = cosines + row->position * half, *s = sines + row->position * half;
        float *x = qkv + r * stride, *keys = x + shape.heads * shape.head_dim;
        for (ptrdiff_t h = 0; h < shape.heads + shape.key_value_heads; h++) rotate(x + h * shape.head_dim, half, c, s);
        memcpy(row->new_keys + layer * row->new_stride, keys, (size_t)inner * sizeof(float));
        memcpy(row->new_values + layer * row->new_stride, keys + inner, (size_t)inner * sizeof(float));
    }
}

INLINE void scores_of(
    float *scores, const float *query, const float *keys, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t head_dim,
    float scale) {
    for (ptrdiff_t t = 0; t < count; t++) scores[t] = dot(query, keys + t * stride, head_dim) * scale;
}

INLINE void add_weighted(
    float *out, const float *weights, const float *values, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t head_dim) {
#pragma clang fp contract(fast)
    for (ptrdiff_t t = 0; t < count; t++) {
        float weight = weights[t];
        const float *value = values + t * stride;
        for (ptrdiff_t i = 0; i < head_dim; i++) out[i] += weight * value[i];
    }
}

// Scores to weights that sum to one.
INLINE void softmax(float *scores, ptrdiff_t count) {
    float best = largest(scores, count);
    for (ptrdiff_t t = 0; t < count; t++) scores[t] = fast_exp(scores[t] - best);
    float scale = 1.0f / sum_of(scores, count);
    for (ptrdiff_t t = 0; t < count; t++) scores[t] *= scale;
}

// The sums of the elements of four vectors, in the order of the vectors.
INLINE void sum_four(float *out, const float8 *in) {
    float4 a = in[0].lo + in[0].hi, b = in[1].lo + in[1].hi, c = in[2].lo + in[2].hi, d = in[3].lo + in[3].hi;
    float4 ab = __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
    float4 cd = __builtin_shufflevector(c, d, 0, 2, 4, 6) + __builtin_shufflevector(c, d, 1, 3, 5, 7);
    *(float4 *)out = __builtin_shufflevector(ab, cd, 0, 2, 4, 6) + __builtin_shufflevector(ab, cd, 1, 3, 5, 7);
}

// For heads of 8 V floats: the query and the output stay in registers.
INLINE void fixed_scores(
    const int V, float *scores, const float *query, const float *keys, ptrdiff_t count, ptrdiff_t stride,
    float scale) {
    float8 q[16];
#pragma unroll
    for (int v = 0; v < V; v++) q[v] = *(const float8 *)(query + 8 * v) * scale;
    for (ptrdiff_t t = 0; t < count; t += 4) {
        float8 sums[4];
        ptrdiff_t last = count - 1 - t;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            const float *key = keys + (t + (j < last ? j : last)) * stride;
            sums[j] = (float8)(0.0f);
#pragma unroll
            for (int v = 0; v < V; v++) sums[j] += q[v] * *(const float8 *)(key + 8 * v);
        }
        float four[4];
        sum_four(last >= 3 ? scores + t : four, sums);
        for (ptrdiff_t j = 0; last < 3 && j <= last; j++) scores[t + j] = four[j];
    }
}

INLINE void fixed_add(
    const int V, float8 *out, const float *weights, const float *values, ptrdiff_t count, ptrdiff_t stride) {
    for (ptrdiff_t t = 0; t < count; t++) {
#pragma unroll
        for (int v = 0; v < V; v++) out[v] += (float8)(weights[t]) * *(const float8 *)(values + t * stride + 8 * v);
    }
}

INLINE void fixed_attend(
    const int V, float *out, const float *query, const decode_row *row, ptrdiff_t layer, ptrdiff_t offset,
    ptrdiff_t stride, float *scores) {
    float scale = 1.0f / sqrtf((float)(8 * V));
    ptrdiff_t n = row->prefix_length, m = row->tail_length;
    ptrdiff_t prefix = layer * row->prefix_stride + offset, tail = layer * row->tail_stride + offset;
    fixed_scores(V, scores, query, row->prefix_keys + prefix, n, stride, scale);
    fixed_scores(V, scores + n, query, row->tail_keys + tail, m, stride, scale);
    softmax(scores, n + m);
    float8 sums[16];
#pragma unroll
    for (int v = 0; v < V; v++) sums[v] = (float8)(0.0f);
    fixed_add(V, sums, scores, row->prefix_values + prefix, n, stride);
    fixed_add(V, sums, scores + n, row->tail_values + tail, m, stride);
#pragma unroll
    for (int v = 0; v < V; v++) *(float8 *)(out + 8 * v) = sums[v];
}

// For heads of any size.
INLINE void attend(
    ptrdiff_t head_dim, float *out, const float *query, const decode_row *row, ptrdiff_t layer, ptrdiff_t offset,
    ptrdiff_t stride, float *scores) {
    float scale = 1.0f / sqrtf((float)head_dim);
    ptrdiff_t n = row->prefix_length, m = row->tail_length;
    ptrdiff_t prefix = layer * row->prefix_stride + offset, tail = layer * row->tail_stride + offset;
    scores_of(scores, query, row->prefix_keys + prefix, n, stride, head_dim, scale);
    scores_of(scores + n, query, row->tail_keys + tail, m, stride, head_dim, scale);
    softmax(scores, n + m);
    for (ptrdiff_t i = 0; i < head_dim; i++) out[i] = 0.0f;
    add_weighted(out, scores, row->prefix_values + prefix, n, stride, head_dim);
    add_weighted(out, scores + n, row->tail_values + tail, m, stride, head_dim);
}

KERNEL void decode_attention(
    float *out, const float *qkv, const decode_row *rows, ptrdiff_t count, ptrdiff_t layer, decode_heads shape,
    float *scores) {
    ptrdiff_t size = shape.head_dim, outer = shape.heads * size, inner = shape.key_value_heads * size;
    ptrdiff_t shared = shape.heads / shape.key_value_heads;
    for (ptrdiff_t r = 0; r < count; r++) {
        for (ptrdiff_t h = 0; h < shape.heads; h++) {
            const float *query = qkv + r * (outer + 2 * inner) + h * size;
            float *o = out + r * outer + h * size;
            ptrdiff_t offset = h / shared * size;
            switch (size) {
            case 16: fixed_attend(2, o, query, rows + r, layer, offset, inner, scores); break;
            case 32: fixed_attend(4, o, query, rows + r, layer, offset, inner, scores); break;
            case 64: fixed_attend(8, o, query, rows + r, layer, offset, inner, scores); break;
            case 128: fixed_attend(16, o, query, rows + r, layer, offset, inner, scores); break;
            default: attend(size, o, query, rows + r, layer, offset, inner, scores); break;
            }
        }
    }
}

KERNEL void decode_bridge(
    float *out, const float *qkv, ptrdiff_t width, ptrdiff_t heads, ptrdiff_t head_dim, float *scores) {
    ptrdiff_t inner = heads * head_dim, stride = 3 * inner;
    float scale = 1.0f / sqrtf((float)head_dim);
    for (ptrdiff_t r = 0; r < width; r++) {
        for (ptrdiff_t h = 0; h < heads; h++) {
            float *o = out + r * inner + h * head_dim;
            const float *base = qkv + h * head_dim;
            scores_of(scores, base + r * stride, base + inner, width, stride, head_dim, scale);
            softmax(scores, width);
            for (ptrdiff_t i = 0; i < head_dim; i++) o[i] = 0.0f;
            add_weighted(o, scores, base + 2 * inner, width, stride, head_dim);
        }
    }
}
