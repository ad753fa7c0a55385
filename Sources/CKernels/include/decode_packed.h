// Weights for decoding in f32, bf16, f16, 8 or 4 bits, in panels of DECODE_PANEL output columns, and products with
// them.
//
// Every element of a result is summed in the order of the inputs, so that the text of a row is the same whatever else
// is in the batch and however the work is split.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "decode.h"

// How the numbers of a weight are stored.
typedef enum {
    DECODE_F32 = 0,
    // The upper half of an f32, rounded to the nearest, ties to even.
    DECODE_BF16 = 1,
    // Whole numbers of 8 bits, and an f32 scale for each column's run of DECODE_RUN inputs: its largest magnitude
    // divided by 127.
    DECODE_Q8 = 2,
    // IEEE half precision, rounded to the nearest, ties to even; finite numbers stay finite.
    DECODE_F16 = 3,
    // Whole numbers q of 4 bits, for each run a scale d and a least value m in f16: d q + m.
    DECODE_Q4 = 4,
} decode_precision;

#define DECODE_RUN 32

// Bytes of one panel of a weight with so many inputs; a multiple of 64 for f32 and bf16 of an even number of inputs.
ptrdiff_t decode_panel_bytes(decode_precision precision, ptrdiff_t inputs);

// Copies an (outputs, inputs) weight into columns first_column ... of a packed weight. A panel is [input][column]; with
// Q8 [run]([column] scales, [pair of inputs][column][input] numbers), with Q4 [run]([column] scales, [column] least
// values, [pair of inputs][column] numbers, the first input's in the lower half of a byte). A run with a number that is
// not finite is NaN. Columns that nothing is packed into must be zero.
void decode_pack_panels(
    void *packed, const float *weight, ptrdiff_t first_column, ptrdiff_t outputs, ptrdiff_t inputs,
    decode_precision precision);

// Rounds rows first ..< last of x, (rows, inputs), to whole numbers of 16 bits with a scale for each run of a row: its
// largest magnitude divided by 32,767. `numbers` has room for (rows, runs, DECODE_RUN), filled up with zeros, `scales`
// for (rows, runs), in the order in which decode_panels_q8 reads them for so many rows: [tile of rows][run][pair of
// inputs][row][input] and [tile of rows][run][row]. A run with a number that is not finite has the scale NaN.
void decode_round(
    int16_t *numbers, float *scales, const float *x, ptrdiff_t first, ptrdiff_t last, ptrdiff_t rows,
    ptrdiff_t inputs);

// As decode_panels, for weights in Q8 and what decode_round gives for all rows of x: exact within a run.
void decode_panels_q8(
    float *out, ptrdiff_t out_stride, const int16_t *x, const float *x_scales, ptrdiff_t rows, const void *packed,
    ptrdiff_t inputs, ptrdiff_t columns, ptrdiff_t first_panel, ptrdiff_t last_panel, const float *bias,
    int accumulate);

// out[r][c] (+)= bias[c] + sum over k of x[r][k] * weight[c][k], for the columns of panels first ..< last, in any
// precision but Q8. `bias` may be null. `columns` is the number of real columns of the weight.
void decode_panels(
    float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows, const void *packed,
    decode_precision precision, ptrdiff_t inputs, ptrdiff_t columns, ptrdiff_t first_panel, ptrdiff_t last_panel,
    const float *bias, int accumulate);

// out[k] = weight[column][k], k < inputs.
void decode_packed_column(
    float *out, const void *packed, decode_precision precision, ptrdiff_t inputs, ptrdiff_t column);

// What decode_panels gives for an (outputs, inputs) weight that is not packed, the slow and obvious way: the oracle of
// its test.
void decode_linear_naive(
    float *out, const float *x, ptrdiff_t rows, const float *weight, ptrdiff_t inputs, ptrdiff_t columns,
    const float *bias, int accumulate);
