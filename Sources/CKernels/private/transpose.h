// Small blocks with rows and columns exchanged.
#pragma once
#include "target.h"

typedef float vector4 __attribute__((ext_vector_type(4), aligned(4)));

// Four rows of four, columns as rows.
INLINE void transpose4(float *out, ptrdiff_t out_stride, const float *in, ptrdiff_t in_stride) {
    vector4 a = *(const vector4 *)in, b = *(const vector4 *)(in + in_stride);
    vector4 c = *(const vector4 *)(in + 2 * in_stride), d = *(const vector4 *)(in + 3 * in_stride);
    vector4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    vector4 AB = __builtin_shufflevector(a, b, 2, 6, 3, 7), CD = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(vector4 *)out = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(vector4 *)(out + out_stride) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    *(vector4 *)(out + 2 * out_stride) = __builtin_shufflevector(AB, CD, 0, 1, 4, 5);
    *(vector4 *)(out + 3 * out_stride) = __builtin_shufflevector(AB, CD, 2, 3, 6, 7);
}

// out[r][c] = in[c][r] for `rows` by `columns` elements of out. Of the input whole lines of memory are read at a time.
INLINE void transpose(
    float *out, ptrdiff_t out_stride, const float *in, ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t columns) {
    ptrdiff_t even_rows = rows / 4 * 4, even_columns = columns / 4 * 4;
    for (ptrdiff_t start = 0; start < even_columns; start += 16) {
        ptrdiff_t end = start + 16 < even_columns ? start + 16 : even_columns;
        for (ptrdiff_t r = 0; r < even_rows; r += 4)
            for (ptrdiff_t c = start; c < end; c += 4)
                transpose4(out + r * out_stride + c, out_stride, in + c * in_stride + r, in_stride);
    }
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t c = r < even_rows ? even_columns : 0; c < columns; c++)
            out[r * out_stride + c] = in[c * in_stride + r];
}
