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

// out[row][i] = the `run` elements of `in` at offsets[i] from where the row begins, for rows [first_row, last_row) of
// the space `sizes` (whose last dimension counts as 1) and offsets [first, last) of `count`; `out` is contiguous, and
// `streams` says that it is too large for the caches.
void kernel_take(
    float *out, const float *in, const ptrdiff_t *offsets, ptrdiff_t count, ptrdiff_t run, int rank,
    const ptrdiff_t *sizes, const ptrdiff_t *strides, ptrdiff_t first_row, ptrdiff_t last_row, ptrdiff_t first,
    ptrdiff_t last, int streams);

// The way back, for columns [first_column, last_column) of the runs: sets the elements of `out`, or adds to them.
void kernel_put(
    float *out, const float *in, const ptrdiff_t *offsets, ptrdiff_t count, ptrdiff_t run, int rank,
    const ptrdiff_t *sizes, const ptrdiff_t *strides, ptrdiff_t first_row, ptrdiff_t last_row, ptrdiff_t first_column,
    ptrdiff_t last_column, int adds);

// Indices of the k largest of every row, largest first and the earlier of equals first; NaN is the largest. `heap` has
// room for k.
void kernel_row_topk(
    float *indices, const float *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k, ptrdiff_t *heap);
