#pragma once
#include <stddef.h>

// Sums of the rows of (rows, columns), in blocks of 4096 added up in double precision.
void kernel_row_sum(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, float scale);

// Largest (sign = 1) or smallest (sign = -1) value of every row and its first index. NaN wins, as in PyTorch.
void kernel_row_extremum(
    float *out, float *index, const float *in, ptrdiff_t rows, ptrdiff_t columns, float sign);

// The same for columns first ..< last of (rows, columns).
void kernel_column_extremum(
    float *out, float *index, const float *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t first, ptrdiff_t last,
    float sign);

void kernel_row_product(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns);

// out[j] += sum over rows of in[i][j]; `out` must hold a start value.
void kernel_column_sum(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns);

void kernel_row_cumulative_sum(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, int reversed);

// What a tensor's text says of its values; `low`, `high` and the sums are those of the finite ones.
typedef struct {
    float low, high;
    double sum, squares;
    ptrdiff_t finite, nan, infinite;
} kernel_summary;

// Of runs first_row ..< last_row of the last dimension.
kernel_summary kernel_summarise(
    const float *in, int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides, ptrdiff_t first_row,
    ptrdiff_t last_row);

// Sum of squares in double precision.
double kernel_sum_of_squares(const float *in, ptrdiff_t count);
