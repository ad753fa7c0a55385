#include "decode.h"
#include "private/exponential.h"
#include "private/target.h"

#define PANEL DECODE_PANEL

typedef float float4 __attribute__((ext_vector_type(4), aligned(4)));
typedef float float8 __attribute__((ext_vector_type(8), aligned(4)));
typedef float float16 __attribute__((ext_vector_type(16), aligned(4)));

// Rows of a tile: as many as AVX2 has registers for.
#define TILE 6

// --- Packed weights -------------------------------------------------------------------------------------------------

ptrdiff_t decode_packed_size(ptrdiff_t outputs, ptrdiff_t inputs) {
    return (outputs + PANEL - 1) / PANEL * PANEL * inputs;
}

void decode_pack(float *packed, const float *weight, ptrdiff_t first_column, ptrdiff_t outputs, ptrdiff_t inputs) {
    // Blocks of inputs keep both sides of the transposition in the cache.
    for (ptrdiff_t block = 0; block < inputs; block += 64) {
        ptrdiff_t end = block + 64 < inputs ? block + 64 : inputs;
        for (ptrdiff_t o = 0; o < outputs; o++) {
            ptrdiff_t column = first_column + o;
            float *panel = packed + column / PANEL * PANEL * inputs + column % PANEL;
            const float *row = weight + o * inputs;
            for (ptrdiff_t k = block; k < end; k++) panel[k * PANEL] = row[k];
        }
    }
}

// M rows against one panel: the accumulators stay in registers over the whole sum.
INLINE void tile(
    const int M, float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, const float *panel,
    ptrdiff_t inputs, ptrdiff_t columns, const float *bias, int accumulate) {
    float16 sums[TILE];
#pragma unroll
    for (int m = 0; m < M; m++) sums[m] = (float16)(0.0f);
    for (ptrdiff_t k = 0; k < inputs; k++) {
        float16 b = *(const float16 *)(panel + k * PANEL);
#pragma unroll
        for (int m = 0; m < M; m++) sums[m] += (float16)(x[m * x_stride + k]) * b;
    }
#pragma unroll
    for (int m = 0; m < M; m++) {
        float *row = out + m * out_stride;
        if (columns == PANEL) {
            float16 sum = bias ? sums[m] + *(const float16 *)bias : sums[m];
            *(float16 *)row = accumulate ? *(float16 *)row + sum : sum;
        } else {
            float part[PANEL];
            *(float16 *)part = sums[m];
            for (ptrdiff_t c = 0; c < columns; c++) {
                float sum = bias ? part[c] + bias[c] : part[c];
                row[c] = accumulate ? row[c] + sum : sum;
            }
        }
    }
}

// How many rows the next tile takes: six at a time, but no tile of one or two where it can be avoided.
INLINE ptrdiff_t tile_rows(ptrdiff_t left) {
    if (left == 7 || left == 8) return 4;
    return left < 6 ? left : 6;
}

KERNEL void decode_linear(
    float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows, const float *packed,
    ptrdiff_t inputs, ptrdiff_t columns, ptrdiff_t first_panel, ptrdiff_t last_panel, const float *bias,
    int accumulate) {
    for (ptrdiff_t p = first_panel; p < last_panel; p++) {
        const float *panel = packed + p * PANEL * inputs;
        const float *b = bias ? bias + p * PANEL : 0;
        ptrdiff_t width = columns - p * PANEL < PANEL ? columns - p * PANEL : PANEL;
        for (ptrdiff_t r = 0; r < rows;) {
            float *o = out + r * out_stride + p * PANEL;
            const float *a = x + r * x_stride;
            ptrdiff_t m = tile_rows(rows - r);
            switch (m) {
            case 1: tile(1, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            case 2: tile(2, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            case 3: tile(3, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            case 4: tile(4, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            case 5: tile(5, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            default: tile(6, o, out_stride, a, x_stride, panel, inputs, width, b, accumulate); break;
            }
            r += m;
        }
    }
}

void decode_linear_naive(
    float *out, const float *x, ptrdiff_t rows, const float *weight, ptrdiff_t inputs, ptrdiff_t columns,
    const float *bias, int accumulate) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        for (ptrdiff_t c = 0; c < columns; c++) {
            double sum = bias ? (double)bias[c] : 0.0;
            for (ptrdiff_t k = 0; k < inputs; k++) sum += (double)x[r * inputs + k] * (double)weight[c * inputs + k];
            out[r * columns + c] = (float)(accumulate ? (double)out[r * columns + c] + sum : sum);
        }
    }
}

// --- Row by row -----------------------------------------------------------------------------------------------------

void decode_embed(float *out, const float *table, const decode_row *rows, ptrdiff_t count, ptrdiff_t dim) {
    for (ptrdiff_t r = 0; r < count; r++) {
        memcpy(out + r * dim, table + (ptrdiff_t)rows[r].token * dim, (size_t)dim * sizeof(float));
    }
}

INLINE float square_sum(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += x[i] * x[i];
    return total;
}

KERNEL void decode_rms_norm(
    float *out, const float *x, const float *weight, ptrdiff_t rows, ptrdiff_t dim, float epsilon) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *in = x + r * dim;
        float scale = 1.0f / sqrtf(square_sum(in, dim) / (float)dim + epsilon);
        for (ptrdiff_t i = 0; i < dim; i++) out[r * dim + i] = in[i] * scale * weight[i];
    }
}

KERNEL void decode_swiglu(float *out, const float *x, ptrdiff_t rows, ptrdiff_t hidden) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *gate = x + 2 * r * hidden, *up = gate + hidden;
        float *o = out + r * hidden;
        for (ptrdiff_t i = 0; i < hidden; i++) o[i] = gate[i] * fast_sigmoid(gate[i]) * up[i];
    }
}

KERNEL void decode_silu(float *x, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) x[i] = x[i] * fast_sigmoid(x[i]);
}

// --- Attention ------------------------------------------------------------------------------------------------------

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

INLINE float dot(const float *a, const float *b, ptrdiff_t count) {
#pragma clang fp reassociate(on) contract(fast)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += a[i] * b[i];
    return total;
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

INLINE float largest(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on)
    float best = x[0];
    for (ptrdiff_t i = 1; i < count; i++) best = x[i] > best ? x[i] : best;
    return best;
}

INLINE float sum_of(const float *x, ptrdiff_t count) {
#pragma clang fp reassociate(on)
    float total = 0.0f;
    for (ptrdiff_t i = 0; i < count; i++) total += x[i];
    return total;
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

// --- Sampling -------------------------------------------------------------------------------------------------------

#define BLOCK 256

KERNEL float decode_exponentials(float *exponentials, float *logits, ptrdiff_t count, float scale, double *sum) {
    float best = largest(logits, count);
    double total = 0.0;
    for (ptrdiff_t start = 0; start < count; start += BLOCK) {
        ptrdiff_t length = count - start < BLOCK ? count - start : BLOCK;
        float *x = logits + start, *e = exponentials + start;
        for (ptrdiff_t i = 0; i < length; i++) x[i] = (x[i] - best) * scale;
        for (ptrdiff_t i = 0; i < length; i++) e[i] = fast_exp(x[i]);
        total += (double)sum_of(e, length);
    }
    *sum = total;
    return (float)log(total);
}

KERNEL ptrdiff_t decode_pick(const float *weights, ptrdiff_t count, double target) {
    double total = 0.0;
    ptrdiff_t start = 0, last = 0;
    // Whole blocks first, then the block that the target falls into.
    for (; start + BLOCK < count; start += BLOCK) {
        double next = total + (double)sum_of(weights + start, BLOCK);
        if (next > target) break;
        total = next;
    }
    for (ptrdiff_t i = start; i < count; i++) {
        if (weights[i] <= 0.0f) continue;
        total += (double)weights[i];
        last = i;
        if (total > target) return i;
    }
    if (weights[last] > 0.0f) return last;
    for (ptrdiff_t i = count - 1; i > 0; i--) if (weights[i] > 0.0f) return i;
    return 0;
}

KERNEL ptrdiff_t decode_argmax(const float *values, ptrdiff_t count) {
    ptrdiff_t best = 0;
    for (ptrdiff_t i = 1; i < count; i++) if (values[i] > values[best]) best = i;
    return best;
}
