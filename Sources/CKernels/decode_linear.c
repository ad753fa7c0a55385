// Packed weights and products with them.
#include "decode.h"
#include "private/target.h"

#define PANEL DECODE_PANEL

typedef float float16 __attribute__((ext_vector_type(16), aligned(4)));

// Rows of a tile: as many as AVX2 has registers for.
#define TILE 6

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
