// Products with packed weights in f32, bf16 and 8 bits.
#include "decode_packed.h"
#include <math.h>
#include <string.h>
#include "private/target.h"

// Compiled for several processors; the loader picks.
#if !defined(KERNEL) && defined(__x86_64__) && defined(__linux__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif !defined(KERNEL)
#define KERNEL
#endif

#define PANEL DECODE_PANEL
#define RUN DECODE_Q8_RUN
// Bytes of a run of a Q8 panel: the scales, then the numbers.
#define RUN_BYTES (PANEL * 4 + RUN * PANEL)
// Rows of a tile: as many as AVX2 has registers for.
#define TILE 6

typedef float float16 __attribute__((ext_vector_type(16), aligned(4)));
typedef uint16_t half16 __attribute__((ext_vector_type(16), aligned(2)));
typedef uint32_t bits16 __attribute__((ext_vector_type(16), aligned(4)));
typedef int8_t byte16 __attribute__((ext_vector_type(16), aligned(1)));
typedef int32_t int16x __attribute__((ext_vector_type(16), aligned(4)));

ptrdiff_t decode_panel_bytes(decode_precision precision, ptrdiff_t inputs) {
    switch (precision) {
    case DECODE_F32: return inputs * PANEL * 4;
    case DECODE_BF16: return inputs * PANEL * 2;
    case DECODE_Q8: return (inputs + RUN - 1) / RUN * RUN_BYTES;
    }
    return 0;
}

INLINE uint16_t rounded(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (value != value) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static void pack_run(char *run, ptrdiff_t lane, const float *row, ptrdiff_t count) {
    float largest = 0.0f;
    for (ptrdiff_t k = 0; k < count; k++) {
        float size = fabsf(row[k]);
        if (size > largest) largest = size;
    }
    float scale = largest / 127.0f;
    ((float *)run)[lane] = scale;
    int8_t *numbers = (int8_t *)(run + PANEL * 4);
    for (ptrdiff_t k = 0; k < count; k++) {
        // What is no number cannot be kept; it becomes 0, like everything in a run of zeros.
        float number = scale > 0.0f ? row[k] / scale : 0.0f;
        numbers[k * PANEL + lane] = number == number ? (int8_t)lrintf(fminf(fmaxf(number, -127.0f), 127.0f)) : 0;
    }
}

void decode_pack_panels(
    void *packed, const float *weight, ptrdiff_t first_column, ptrdiff_t outputs, ptrdiff_t inputs,
    decode_precision precision) {
    ptrdiff_t panel_bytes = decode_panel_bytes(precision, inputs);
    // Blocks of inputs keep both sides of the transposition in the cache.
    for (ptrdiff_t block = 0; block < inputs; block += 2 * RUN) {
        ptrdiff_t end = block + 2 * RUN < inputs ? block + 2 * RUN : inputs;
        for (ptrdiff_t o = 0; o < outputs; o++) {
            ptrdiff_t column = first_column + o, lane = column % PANEL;
            char *panel = (char *)packed + column / PANEL * panel_bytes;
            const float *row = weight + o * inputs;
            switch (precision) {
            case DECODE_F32:
                for (ptrdiff_t k = block; k < end; k++) ((float *)panel)[k * PANEL + lane] = row[k];
                break;
            case DECODE_BF16:
                for (ptrdiff_t k = block; k < end; k++) ((uint16_t *)panel)[k * PANEL + lane] = rounded(row[k]);
                break;
            case DECODE_Q8:
                for (ptrdiff_t k = block; k < end; k += RUN) {
                    pack_run(panel + k / RUN * RUN_BYTES, lane, row + k, k + RUN < end ? RUN : end - k);
                }
                break;
            }
        }
    }
}

// The sixteen weights of one input. `scales` are those of its run, and `place` is where its numbers are.
INLINE void sixteen(const int P, float16 *out, const char *place, const float16 *scales) {
    if (P == DECODE_F32) {
        *out = *(const float16 *)place;
    } else if (P == DECODE_BF16) {
        bits16 bits = __builtin_convertvector(*(const half16 *)place, bits16) << 16;
        *out = *(float16 *)&bits;
    } else {
        int16x numbers = __builtin_convertvector(*(const byte16 *)place, int16x);
        *out = __builtin_convertvector(numbers, float16) * *scales;
    }
}

// M rows against one panel: the sums stay in registers over all inputs. `ahead` is what the next panel has at this
// place: it is on its way from memory while this one is worked on.
INLINE void tile(
    const int P, const int M, float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, const char *panel,
    ptrdiff_t ahead, ptrdiff_t inputs, ptrdiff_t columns, const float *bias, int accumulate) {
    const ptrdiff_t unit = P == DECODE_F32 ? PANEL * 4 : P == DECODE_BF16 ? PANEL * 2 : PANEL;
    float16 sums[TILE], scales = (float16)(0.0f);
#pragma unroll
    for (int m = 0; m < M; m++) sums[m] = (float16)(0.0f);
    const char *place = panel;
    for (ptrdiff_t start = 0; start < inputs;) {
        ptrdiff_t end = P == DECODE_Q8 && start + RUN < inputs ? start + RUN : inputs;
        if (P == DECODE_Q8) {
            scales = *(const float16 *)place;
            if (ahead) __builtin_prefetch(place + ahead);
            place += PANEL * 4;
        }
        for (ptrdiff_t k = start; k < end; k++, place += unit) {
            float16 b;
            sixteen(P, &b, place, &scales);
            if (ahead && (P == DECODE_F32 || (k & (64 / unit - 1)) == 0)) __builtin_prefetch(place + ahead);
#pragma unroll
            for (int m = 0; m < M; m++) sums[m] += (float16)(x[m * x_stride + k]) * b;
        }
        start = end;
    }
#pragma unroll
    for (int m = 0; m < M; m++) {
        float *row = out + m * out_stride;
        if (columns == PANEL) {
            float16 sum = bias ? sums[m] + *(const float16 *)bias : sums[m];
            *(float16 *)row = accumulate ? *(float16 *)row + sum : sum;
        } else {
            float part[PANEL];
            *(float16 *)part = sums[m];
            for (ptrdiff_t c = 0; c < columns; c++) {
                float sum = bias ? part[c] + bias[c] : part[c];
                row[c] = accumulate ? row[c] + sum : sum;
            }
        }
    }
}

// How many rows the next tile takes: six at a time, but no tile of one or two where it can be avoided.
INLINE ptrdiff_t tile_rows(ptrdiff_t left) {
    if (left == 7 || left == 8) return 4;
    return left < TILE ? left : TILE;
}

INLINE void panels(
    const int P, float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows,
    const char *packed, ptrdiff_t inputs, ptrdiff_t columns, ptrdiff_t first_panel, ptrdiff_t last_panel,
    const float *bias, int accumulate) {
    ptrdiff_t bytes = decode_panel_bytes((decode_precision)P, inputs);
    for (ptrdiff_t p = first_panel; p < last_panel; p++) {
        const char *panel = packed + p * bytes;
        const float *b = bias ? bias + p * PANEL : 0;
        ptrdiff_t width = columns - p * PANEL < PANEL ? columns - p * PANEL : PANEL;
        for (ptrdiff_t r = 0; r < rows;) {
            float *o = out + r * out_stride + p * PANEL;
            const float *a = x + r * x_stride;
            ptrdiff_t m = tile_rows(rows - r);
            // The last rows of a panel, where it is in the cache and memory would be idle.
            ptrdiff_t h = r > 0 && r + m == rows && p + 1 < last_panel ? bytes : 0;
            switch (m) {
            case 1: tile(P, 1, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            case 2: tile(P, 2, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            case 3: tile(P, 3, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            case 4: tile(P, 4, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            case 5: tile(P, 5, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            default: tile(P, 6, o, out_stride, a, x_stride, panel, h, inputs, width, b, accumulate); break;
            }
            r += m;
        }
    }
}

#define PANELS(P) \
    panels(P, out, out_stride, x, x_stride, rows, (const char *)packed, inputs, columns, first_panel, last_panel,  \
        bias, accumulate)

KERNEL void decode_panels(
    float *out, ptrdiff_t out_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows, const void *packed,
    decode_precision precision, ptrdiff_t inputs, ptrdiff_t columns, ptrdiff_t first_panel, ptrdiff_t last_panel,
    const float *bias, int accumulate) {
    switch (precision) {
    case DECODE_F32: PANELS(DECODE_F32); break;
    case DECODE_BF16: PANELS(DECODE_BF16); break;
    case DECODE_Q8: PANELS(DECODE_Q8); break;
    }
}

void decode_packed_column(
    float *out, const void *packed, decode_precision precision, ptrdiff_t inputs, ptrdiff_t column) {
    ptrdiff_t lane = column % PANEL;
    const char *panel = (const char *)packed + column / PANEL * decode_panel_bytes(precision, inputs);
    for (ptrdiff_t k = 0; k < inputs; k++) {
        uint32_t bits;
        const char *run = panel + k / RUN * RUN_BYTES;
        switch (precision) {
        case DECODE_F32: out[k] = ((const float *)panel)[k * PANEL + lane]; break;
        case DECODE_BF16:
            bits = (uint32_t)((const uint16_t *)panel)[k * PANEL + lane] << 16;
            memcpy(out + k, &bits, 4);
            break;
        case DECODE_Q8:
            out[k] = (float)((const int8_t *)(run + PANEL * 4))[k % RUN * PANEL + lane] * ((const float *)run)[lane];
            break;
        }
    }
}
