#include "elementwise.h"
#include "private/exponential.h"

// Offsets of a row in an operand, from its index.
INLINE ptrdiff_t row_offset(ptrdiff_t row, int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides) {
    ptrdiff_t offset = 0;
    for (int d = rank - 2; d >= 0; d--) {
        offset += (row % sizes[d]) * strides[d];
        row /= sizes[d];
    }
    return offset;
}

// The common strides get loops of their own, which vectorise.
#define ROWS(EXPRESSION)                                                                                               \
    for (ptrdiff_t row = first_row; row < last_row; row++) {                                                           \
        const float *pa = a + row_offset(row, rank, sizes, a_strides);                                                 \
        const float *pb = b + row_offset(row, rank, sizes, b_strides);                                                 \
        float *po = out + row * n;                                                                                     \
        if (sa == 1 && sb == 1) {                                                                                      \
            for (ptrdiff_t i = 0; i < n; i++) { float x = pa[i], y = pb[i]; po[i] = EXPRESSION; }                      \
        } else if (sa == 1 && sb == 0) {                                                                               \
            float y = pb[0];                                                                                           \
            for (ptrdiff_t i = 0; i < n; i++) { float x = pa[i]; po[i] = EXPRESSION; }                                 \
        } else if (sa == 0 && sb == 1) {                                                                               \
            float x = pa[0];                                                                                           \
            for (ptrdiff_t i = 0; i < n; i++) { float y = pb[i]; po[i] = EXPRESSION; }                                 \
        } else {                                                                                                       \
            for (ptrdiff_t i = 0; i < n; i++) { float x = pa[i * sa], y = pb[i * sb]; po[i] = EXPRESSION; }            \
        }                                                                                                              \
    }                                                                                                                  \
    break

INLINE float floor_remainder(float x, float y) {
    float r = fmodf(x, y);
    return r != 0.0f && (r < 0.0f) != (y < 0.0f) ? r + y : r;
}

KERNEL void kernel_binary(
    int operation, float *restrict out, const float *a, const float *b, int rank, const ptrdiff_t *sizes,
    const ptrdiff_t *a_strides, const ptrdiff_t *b_strides, ptrdiff_t first_row, ptrdiff_t last_row) {
    ptrdiff_t n = sizes[rank - 1], sa = a_strides[rank - 1], sb = b_strides[rank - 1];
    switch (operation) {
    case KERNEL_ADD: ROWS(x + y);
    case KERNEL_SUBTRACT: ROWS(x - y);
    case KERNEL_MULTIPLY: ROWS(x * y);
    case KERNEL_DIVIDE: ROWS(x / y);
    case KERNEL_MAXIMUM: ROWS(x != x || x > y ? x : y);
    case KERNEL_MINIMUM: ROWS(x != x || x < y ? x : y);
    case KERNEL_POWER: ROWS(powf(x, y));
    case KERNEL_LESS: ROWS(x < y ? 1.0f : 0.0f);
    case KERNEL_LESS_EQUAL: ROWS(x <= y ? 1.0f : 0.0f);
    case KERNEL_GREATER: ROWS(x > y ? 1.0f : 0.0f);
    case KERNEL_GREATER_EQUAL: ROWS(x >= y ? 1.0f : 0.0f);
    case KERNEL_EQUAL: ROWS(x == y ? 1.0f : 0.0f);
    case KERNEL_NOT_EQUAL: ROWS(x != y ? 1.0f : 0.0f);
    case KERNEL_FLOOR_DIVIDE: ROWS(floorf(x / y));
    case KERNEL_REMAINDER: ROWS(floor_remainder(x, y));
    default: break;
    }
}

KERNEL void kernel_copy(
    float *restrict out, const float *restrict in, int rank, const ptrdiff_t *sizes, const ptrdiff_t *out_strides,
    const ptrdiff_t *in_strides, ptrdiff_t first_row, ptrdiff_t last_row) {
    ptrdiff_t n = sizes[rank - 1], so = out_strides[rank - 1], si = in_strides[rank - 1];
    for (ptrdiff_t row = first_row; row < last_row; row++) {
        float *po = out + row_offset(row, rank, sizes, out_strides);
        const float *pi = in + row_offset(row, rank, sizes, in_strides);
        if (so == 1 && si == 1) memcpy(po, pi, (size_t)n * sizeof(float));
        else if (so == 1 && si == 0) for (ptrdiff_t i = 0; i < n; i++) po[i] = pi[0];
        else for (ptrdiff_t i = 0; i < n; i++) po[i * so] = pi[i * si];
    }
}

KERNEL void kernel_accumulate(
    float *restrict out, const float *restrict in, int rank, const ptrdiff_t *sizes, const ptrdiff_t *out_strides,
    const ptrdiff_t *in_strides, ptrdiff_t first_row, ptrdiff_t last_row) {
    ptrdiff_t n = sizes[rank - 1], so = out_strides[rank - 1], si = in_strides[rank - 1];
    for (ptrdiff_t row = first_row; row < last_row; row++) {
        float *po = out + row_offset(row, rank, sizes, out_strides);
        const float *pi = in + row_offset(row, rank, sizes, in_strides);
        if (so == 1 && si == 1) for (ptrdiff_t i = 0; i < n; i++) po[i] += pi[i];
        else for (ptrdiff_t i = 0; i < n; i++) po[i * so] += pi[i * si];
    }
}

#define EACH(EXPRESSION)                                                                                               \
    for (ptrdiff_t i = 0; i < count; i++) { float x = in[i]; out[i] = EXPRESSION; }                                    \
    break

// GELU in its tanh form, as GPT-2 uses it.
INLINE float gelu_inner(float x) { return 0.7978845608f * (x + 0.044715f * x * x * x); }

KERNEL void kernel_unary(int operation, float *restrict out, const float *restrict in, ptrdiff_t count) {
    switch (operation) {
    case KERNEL_NEGATE: EACH(-x);
    case KERNEL_EXP: EACH(fast_exp(x));
    case KERNEL_LOG: EACH(logf(x));
    case KERNEL_SQRT: EACH(sqrtf(x));
    case KERNEL_TANH: EACH(fast_tanh(x));
    case KERNEL_SIGMOID: EACH(fast_sigmoid(x));
    case KERNEL_RELU: EACH(x < 0.0f ? 0.0f : x);
    case KERNEL_SILU: EACH(x * fast_sigmoid(x));
    case KERNEL_GELU: EACH(0.5f * x * (1.0f + fast_tanh(gelu_inner(x))));
    case KERNEL_ABS: EACH(fabsf(x));
    case KERNEL_SIN: EACH(sinf(x));
    case KERNEL_COS: EACH(cosf(x));
    case KERNEL_RECIPROCAL: EACH(1.0f / x);
    case KERNEL_FLOOR: EACH(floorf(x));
    case KERNEL_CEIL: EACH(ceilf(x));
    case KERNEL_ROUND: EACH(__builtin_rintf(x));
    default: break;
    }
}

#define EACH_GRADIENT(EXPRESSION)                                                                                      \
    for (ptrdiff_t i = 0; i < count; i++) { float x = in[i], y = result[i]; (void)x; (void)y;                          \
        out[i] = gradient[i] * (EXPRESSION); }                                                                         \
    break

INLINE float silu_slope(float x) {
    float s = fast_sigmoid(x);
    return s * (1.0f + x * (1.0f - s));
}

INLINE float gelu_slope(float x) {
    float t = fast_tanh(gelu_inner(x));
    float inner = 0.7978845608f * (1.0f + 3.0f * 0.044715f * x * x);
    return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * inner;
}

KERNEL void kernel_unary_backward(
    int operation, float *restrict out, const float *restrict gradient, const float *restrict in,
    const float *restrict result, ptrdiff_t count) {
    switch (operation) {
    case KERNEL_NEGATE: EACH_GRADIENT(-1.0f);
    case KERNEL_EXP: EACH_GRADIENT(y);
    case KERNEL_LOG: EACH_GRADIENT(1.0f / x);
    case KERNEL_SQRT: EACH_GRADIENT(0.5f / y);
    case KERNEL_TANH: EACH_GRADIENT(1.0f - y * y);
    case KERNEL_SIGMOID: EACH_GRADIENT(y * (1.0f - y));
    case KERNEL_RELU: EACH_GRADIENT(x > 0.0f ? 1.0f : 0.0f);
    case KERNEL_SILU: EACH_GRADIENT(silu_slope(x));
    case KERNEL_GELU: EACH_GRADIENT(gelu_slope(x));
    case KERNEL_ABS: EACH_GRADIENT(x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : 0.0f);
    case KERNEL_SIN: EACH_GRADIENT(cosf(x));
    case KERNEL_COS: EACH_GRADIENT(-sinf(x));
    case KERNEL_RECIPROCAL: EACH_GRADIENT(-y * y);
    default: EACH_GRADIENT(0.0f);
    }
}

KERNEL void kernel_affine(float *restrict out, const float *restrict in, float scale, float shift, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = in[i] * scale + shift;
}

KERNEL void kernel_fill(float *out, float value, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = value;
}

KERNEL void kernel_select(
    float *restrict out, const float *restrict condition, const float *restrict a, const float *restrict b,
    ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = condition[i] != 0.0f ? a[i] : b[i];
}

KERNEL void kernel_swiglu(float *restrict out, const float *restrict gate, const float *restrict up, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = gate[i] * fast_sigmoid(gate[i]) * up[i];
}

KERNEL void kernel_swiglu_backward(
    float *restrict d_gate, float *restrict d_up, const float *restrict gradient, const float *restrict gate,
    const float *restrict up, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float x = gate[i], s = fast_sigmoid(x), g = gradient[i];
        d_gate[i] = g * up[i] * (s * (1.0f + x * (1.0f - s)));
        d_up[i] = g * x * s;
    }
}
