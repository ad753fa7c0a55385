// Kernels of the decoding path: forward only, many rows (tokens of different texts) at once.
//
// Every element of a result is summed in an order that depends on nothing but its own row, so that the text of a row is
// the same whatever else is in the batch and however the work is split.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The columns of a packed weight come in panels of this many.
#define DECODE_PANEL 16

// Keys of a cache come in blocks of this many positions.
#define DECODE_KEYS 16

// Keys and values of a run of tokens in all layers: values are [layer][key-value head][position][head dimension], keys
// [layer][key-value head][block][head dimension][position in the block], as products with many queries read them. The
// pointers are those of the first position in layer 0 and head 0, and `layer` and `head` floats further the next begin.
typedef struct {
    float *keys, *values;
    ptrdiff_t layer, head;
} decode_span;

// One token to forward: what it is, and what it attends to. The prefix is what all rows of a group share; the tail is
// the row's own, and its last place is the token's: there its keys and values go.
typedef struct {
    decode_span prefix, tail;
    ptrdiff_t prefix_length, tail_length;
    int32_t token, position;
} decode_row;

// Shape of the attention.
typedef struct {
    ptrdiff_t heads, key_value_heads, head_dim;
} decode_heads;

// out[r][i] = x[r][i] / sqrt(mean of squares + epsilon) * weight[i].
void decode_rms_norm(
    float *out, const float *x, const float *weight, ptrdiff_t rows, ptrdiff_t dim, float epsilon);

// Rotates queries and keys of (rows, queries | keys | values) by their positions (half-split convention; cosines and
// sines are [position][head_dim / 2]) and stores keys and values in the tails.
void decode_rotate_and_store(
    float *qkv, const decode_row *rows, ptrdiff_t count, ptrdiff_t layer, decode_heads heads, const float *cosines,
    const float *sines);

// Attention of rows that share their prefix over it and over each one's tail (which holds the row's own token already),
// with the queries of one key-value head. `room` is for count * heads / key_value_heads times as many floats as
// decode_attention_room says.
void decode_attention(
    float *out, const float *qkv, const decode_row *rows, ptrdiff_t count, ptrdiff_t layer, decode_heads heads,
    ptrdiff_t head, float *room);

// Floats that the attention of one query over so many keys takes.
static inline ptrdiff_t decode_attention_room(ptrdiff_t keys, ptrdiff_t head_dim) {
    return keys + DECODE_KEYS + head_dim;
}

// out[r][i] = silu(x[r][i]) * x[r][hidden + i].
void decode_swiglu(float *out, const float *x, ptrdiff_t rows, ptrdiff_t hidden);

// x = silu(x).
void decode_silu(float *x, ptrdiff_t count);

// Bridge: attention of the rows from `first` to `last` across all `width` rows of their group. `qkv` is the group's,
// (width, q | k | v) with inner size d = heads * head_dim each, `out` (width, d). `scores` has room for width floats.
void decode_bridge(
    float *out, const float *qkv, ptrdiff_t first, ptrdiff_t last, ptrdiff_t width, ptrdiff_t heads,
    ptrdiff_t head_dim, float *scores);

// logits = (logits - largest) * scale; returns log(sum of their exponentials), so that logits[i] minus it is the
// log-probability of i. `exponentials` (count floats) gets exp of the scaled logits.
float decode_exponentials(float *exponentials, float *logits, ptrdiff_t count, float scale, double *sum);

// The first index at which the running sum of `weights` exceeds `target`; the last index with a weight above 0 if none.
ptrdiff_t decode_pick(const float *weights, ptrdiff_t count, double target);

// The index of the largest value, the first of equals.
ptrdiff_t decode_argmax(const float *values, ptrdiff_t count);
