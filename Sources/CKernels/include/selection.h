#pragma once
#include <stddef.h>

// out[..., i, ...] = in[..., index[..., i, ...], ...] along a dimension of `size` elements; negative indices count from
// its end. `index` and `out` are contiguous of the given sizes (rank >= 1), `strides` are those of `in`. Rows
// [first_row, last_row) are runs of the last dimension. Returns the place of the first index out of range, or -1.
ptrdiff_t kernel_gather(
    float *out, const float *in, const float *index, int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides,
    int dimension, ptrdiff_t size, ptrdiff_t first_row, ptrdiff_t last_row);

// The way back: out[..., index[..., i, ...], ...] += in[..., i, ...], in order; `strides` are those of `out`.
ptrdiff_t kernel_scatter_add(
    float *out, const float *in, const float *index, int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides,
    int dimension, ptrdiff_t size, ptrdiff_t first_row, ptrdiff_t last_row);

// Indices of the k largest of every row, largest first and the earlier of equals first; NaN is the largest. `heap` has
// room for k.
void kernel_row_topk(
    float *indices, const float *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k, ptrdiff_t *heap);
