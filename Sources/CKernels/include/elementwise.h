#pragma once
#include <stddef.h>

// Operations on two operands with any strides (in elements; 0 broadcasts). The result is contiguous. `streams` says,
// here and below, that it is too large for the caches and is to be written past them.
enum kernel_binary_operation {
    KERNEL_ADD, KERNEL_SUBTRACT, KERNEL_MULTIPLY, KERNEL_DIVIDE, KERNEL_MAXIMUM, KERNEL_MINIMUM, KERNEL_POWER,
    KERNEL_LESS, KERNEL_LESS_EQUAL, KERNEL_GREATER, KERNEL_GREATER_EQUAL, KERNEL_EQUAL, KERNEL_NOT_EQUAL,
    KERNEL_FLOOR_DIVIDE, KERNEL_REMAINDER,
};

enum kernel_unary_operation {
    KERNEL_NEGATE, KERNEL_EXP, KERNEL_LOG, KERNEL_SQRT, KERNEL_TANH, KERNEL_SIGMOID, KERNEL_RELU, KERNEL_SILU,
    KERNEL_GELU, KERNEL_GELU_TANH, KERNEL_ERF, KERNEL_ABS, KERNEL_SIN, KERNEL_COS, KERNEL_RECIPROCAL, KERNEL_FLOOR,
    KERNEL_CEIL, KERNEL_ROUND,
};

// Rows [first_row, last_row) of the iteration space `sizes` (rank >= 1), where a row is a run of the last dimension.
void kernel_binary(
    int operation, float *out, const float *a, const float *b, int rank, const ptrdiff_t *sizes,
    const ptrdiff_t *a_strides, const ptrdiff_t *b_strides, ptrdiff_t first_row, ptrdiff_t last_row, int streams);

// Copies between any strides; rows as above. A negative stride walks backwards.
void kernel_copy(
    float *out, const float *in, int rank, const ptrdiff_t *sizes, const ptrdiff_t *out_strides,
    const ptrdiff_t *in_strides, ptrdiff_t first_row, ptrdiff_t last_row);

// out += in, with strides as in kernel_copy.
void kernel_accumulate(
    float *out, const float *in, int rank, const ptrdiff_t *sizes, const ptrdiff_t *out_strides,
    const ptrdiff_t *in_strides, ptrdiff_t first_row, ptrdiff_t last_row);

// out[i] = f(in[i]), contiguous.
void kernel_unary(int operation, float *out, const float *in, ptrdiff_t count, int streams);

// out[i] = gradient[i] * f'(in[i]); `result` is f(in).
void kernel_unary_backward(
    int operation, float *out, const float *gradient, const float *in, const float *result, ptrdiff_t count,
    int streams);

// out = in * scale + shift, contiguous.
void kernel_affine(float *out, const float *in, float scale, float shift, ptrdiff_t count);

void kernel_fill(float *out, float value, ptrdiff_t count);

// out = condition != 0 ? a : b, with strides and rows as in kernel_binary.
void kernel_select(
    float *out, const float *condition, const float *a, const float *b, int rank, const ptrdiff_t *sizes,
    const ptrdiff_t *condition_strides, const ptrdiff_t *a_strides, const ptrdiff_t *b_strides, ptrdiff_t first_row,
    ptrdiff_t last_row, int streams);

// out = the value within low ... high (high, if they cross), contiguous; NaN stays.
void kernel_clamp(float *out, const float *in, float low, float high, ptrdiff_t count);

// out = gradient where low < in < high, else 0; an infinite limit is none.
void kernel_clamp_backward(
    float *out, const float *gradient, const float *in, float low, float high, ptrdiff_t count);

// Whether the magnitude of every element is at most `limit`; of NaN it is not.
int kernel_all_within(const float *in, float limit, ptrdiff_t count);

// SwiGLU: out = silu(gate) * up.
void kernel_swiglu(float *out, const float *gate, const float *up, ptrdiff_t count);
void kernel_swiglu_backward(
    float *d_gate, float *d_up, const float *gradient, const float *gate, const float *up, ptrdiff_t count);

// out = in to the power of one exponent, contiguous. Small whole exponents are multiplied out.
void kernel_power(float *out, const float *in, float exponent, ptrdiff_t count);
