#include "reduction.h"
#include "private/sums.h"
#include "private/target.h"

#define BLOCK 4096

KERNEL void kernel_row_sum(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, float scale) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *p = in + row * columns;
        double total = 0.0;
        for (ptrdiff_t start = 0; start < columns; start += BLOCK) {
            ptrdiff_t count = columns - start < BLOCK ? columns - start : BLOCK;
            total += (double)sum_of(p + start, count);
        }
        out[row] = (float)(total * (double)scale);
    }
}

KERNEL void kernel_row_extremum(
    float *out, float *index, const float *in, ptrdiff_t rows, ptrdiff_t columns, float sign) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *p = in + row * columns;
        float best = p[0];
        ptrdiff_t where = 0;
        for (ptrdiff_t i = 1; i < columns && best == best; i++) {
            if (p[i] != p[i] || sign * p[i] > sign * best) { best = p[i]; where = i; }
        }
        out[row] = best;
        index[row] = (float)where;
    }
}

KERNEL void kernel_row_product(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        double total = 1.0;
        for (ptrdiff_t i = 0; i < columns; i++) total *= (double)in[row * columns + i];
        out[row] = (float)total;
    }
}

KERNEL void kernel_column_sum(float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *p = in + row * columns;
        for (ptrdiff_t i = 0; i < columns; i++) out[i] += p[i];
    }
}

KERNEL void kernel_row_cumulative_sum(
    float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, int reversed) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        double total = 0.0;
        for (ptrdiff_t step = 0; step < columns; step++) {
            ptrdiff_t i = row * columns + (reversed ? columns - 1 - step : step);
            total += (double)in[i];
            out[i] = (float)total;
        }
    }
}

KERNEL double kernel_sum_of_squares(const float *in, ptrdiff_t count) {
    double total = 0.0;
    for (ptrdiff_t start = 0; start < count; start += BLOCK) {
        ptrdiff_t size = count - start < BLOCK ? count - start : BLOCK;
        total += (double)square_sum(in + start, size);
    }
    return total;
}
