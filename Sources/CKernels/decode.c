// What is done row by row, and sampling.
#include "decode.h"
#include "private/exponential.h"
#include "private/sums.h"
#include "private/target.h"

void decode_embed(float *out, const float *table, const decode_row *rows, ptrdiff_t count, ptrdiff_t dim) {
    for (ptrdiff_t r = 0; r < count; r++) {
        memcpy(out + r * dim, table + (ptrdiff_t)rows[r].token * dim, (size_t)dim * sizeof(float));
    }
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
