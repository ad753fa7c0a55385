#pragma once
#include <stddef.h>
#include <stdint.h>

// Attention among the rows of a group, for places (group, step) with first <= group * length + step < last, over
// tensors (groups, width, length, heads * head_dim). `alive` (groups, width, length) may be null. `scratch` holds
// 3 * width floats.
void kernel_bridge_attention(
    float *out, const float *q, const float *k, const float *v, const uint8_t *alive, ptrdiff_t width,
    ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first, ptrdiff_t last, float *scratch);

// Gradients; d_q, d_k and d_v need not be cleared.
void kernel_bridge_attention_backward(
    float *d_q, float *d_k, float *d_v, const float *gradient, const float *q, const float *k, const float *v,
    const uint8_t *alive, ptrdiff_t width, ptrdiff_t length, ptrdiff_t heads, ptrdiff_t head_dim, ptrdiff_t first,
    ptrdiff_t last, float *scratch);
