#pragma once
#include <stddef.h>

// Building blocks of C = A B, in single precision. Operands may have any strides, in elements. Every result is
// multiplied by `scale` and, if `accumulate`, added to what is there; else what is there is not read.

// What packed operands are made of: panels of *rows rows (left) or *columns columns (right), and the longest inner run
// that a product of packed operands should have.
void kernel_matmul_shape(ptrdiff_t *rows, ptrdiff_t *columns, ptrdiff_t *inner);

// Packs (rows, inner) into panels of [inner][panel rows], the last filled up with zeros.
void kernel_matmul_pack_left(
    float *packed, const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, ptrdiff_t rows, ptrdiff_t inner);

// Packs (inner, columns) into panels of [inner][panel columns], the last filled up with zeros.
void kernel_matmul_pack_right(
    float *packed, const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, ptrdiff_t inner, ptrdiff_t columns);

// The product of packed operands.
void kernel_matmul_tiles(
    float *c, ptrdiff_t c_stride, const float *a, ptrdiff_t rows, const float *b, ptrdiff_t columns, ptrdiff_t inner,
    float scale, int accumulate);

// The product of operands as they lie, for few rows: the rows of b are contiguous and b_stride apart.
void kernel_matmul_direct(
    float *c, ptrdiff_t c_stride, const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *b,
    ptrdiff_t b_stride, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, float scale, int accumulate);

// C = A B^T of operands as they lie, for few rows: those of a (rows, inner) and of b (columns, inner) are contiguous.
void kernel_matmul_dot(
    float *c, ptrdiff_t c_row, ptrdiff_t c_column, const float *a, ptrdiff_t a_stride, const float *b,
    ptrdiff_t b_stride, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, float scale, int accumulate);

// The obvious way, for operands of any strides: the oracle of the others, and the last resort without memory to pack.
void kernel_matmul_naive(
    float *c, ptrdiff_t c_stride, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
    ptrdiff_t b_column, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, float scale, int accumulate);

// At least `count` floats that belong to the calling thread until it asks again; null without memory.
float *kernel_scratch(ptrdiff_t count);
