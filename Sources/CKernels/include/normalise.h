#pragma once
#include <stddef.h>

// out = x * inverse * weight with inverse = 1 / sqrt(mean(x^2) + epsilon), which is kept for every row.
void kernel_rms_norm(
    float *out, float *inverse, const float *x, const float *weight, ptrdiff_t rows, ptrdiff_t columns, float epsilon);

// d_x, and the sum over these rows of the weight's gradient added to d_weight.
void kernel_rms_norm_backward(
    float *d_x, float *d_weight, const float *gradient, const float *x, const float *weight, const float *inverse,
    ptrdiff_t rows, ptrdiff_t columns);

// out = (x - mean) * inverse * weight + bias with inverse = 1 / sqrt(variance + epsilon); mean and inverse are kept for
// every row. `weight` and `bias` may be null.
void kernel_layer_norm(
    float *out, float *mean, float *inverse, const float *x, const float *weight, const float *bias, ptrdiff_t rows,
    ptrdiff_t columns, float epsilon);

// d_x, and the sums over these rows of the gradients of weight and bias added to d_weight and d_bias.
void kernel_layer_norm_backward(
    float *d_x, float *d_weight, float *d_bias, const float *gradient, const float *x, const float *weight,
    const float *mean, const float *inverse, ptrdiff_t rows, ptrdiff_t columns);

// Rotates pairs (i, i + half) of every head of (rows, heads, 2 * half) by the angles of the row's position: row r uses
// line r % length of cosines and sines (length, half). sign = -1 turns back.
void kernel_rope(
    float *out, const float *in, ptrdiff_t first_row, ptrdiff_t last_row, ptrdiff_t length, ptrdiff_t heads,
    ptrdiff_t half, const float *cosines, const float *sines, float sign);
