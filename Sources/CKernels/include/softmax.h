#pragma once
#include <stddef.h>
#include <stdint.h>

// softmax (or, if `logarithm`, log softmax) of every row; a row of -inf gives 0 (NaN for the logarithm).
void kernel_softmax(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, int logarithm);

// Gradient of the above from its result.
void kernel_softmax_backward(
    float *out, const float *gradient, const float *result, ptrdiff_t rows, ptrdiff_t columns, int logarithm);

// For rows of logits times `scale`: the target's log-probability, (if not null) the entropy in nats, and `levels`,
// (rows, 2): the largest logit, and how far the log of the sum of exponentials is above it. The sum of the two would lose
// the second where logits are large.
void kernel_token_statistics(
    const float *logits, ptrdiff_t rows, ptrdiff_t columns, const int32_t *targets, float scale, float *levels,
    float *log_probability, float *entropy);

// Overwrites logits by the gradient of sum(weights * log_probability) with respect to them.
void kernel_token_gradient(
    float *logits, ptrdiff_t rows, ptrdiff_t columns, const int32_t *targets, float scale, const float *levels,
    const float *weights);

// Attention probabilities in place of scores (rows, columns) with `leading` elements from row to row. Row r sees its
// first visible + r columns if causal, else all; a mask (may be null) is added first. A row that sees nothing gives 0.
void kernel_attention_softmax(
    float *scores, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t leading, int causal, ptrdiff_t visible,
    const float *mask, ptrdiff_t mask_row, ptrdiff_t mask_column);

// d_scores = p * (d_p - sum(p * d_p)) * scale, in place of d_p.
void kernel_attention_softmax_backward(
    float *d_p, const float *p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t leading, float scale);
