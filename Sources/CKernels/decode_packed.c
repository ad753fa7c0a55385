// Packing weights in f32, bf16 and 8 bits; the products with them are in kernels/decode_packed.inc.
#include "decode_packed.h"
#include <math.h>
#include <string.h>

#define PANEL DECODE_PANEL
#define RUN DECODE_Q8_RUN
// Bytes of a run of a Q8 panel: the scales, then the numbers.
#define RUN_BYTES (PANEL * 4 + RUN * PANEL)

ptrdiff_t decode_panel_bytes(decode_precision precision, ptrdiff_t inputs) {
    switch (precision) {
    case DECODE_F32: return inputs * PANEL * 4;
    case DECODE_BF16: return inputs * PANEL * 2;
    case DECODE_Q8: return (inputs + RUN - 1) / RUN * RUN_BYTES;
    }
    return 0;
}

static uint16_t rounded(float value) {
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

void decode_linear_naive(
    float *out, const float *x, ptrdiff_t rows, const float *weight, ptrdiff_t inputs, ptrdiff_t columns,
    const float *bias, int accumulate) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        for (ptrdiff_t c = 0; c < columns; c++) {
            double sum = bias ? (double)bias[c] : 0.0;
            for (ptrdiff_t k = 0; k < inputs; k++) sum += (double)x[r * inputs + k] * (double)weight[c * inputs + k];
            out[r * columns + c] = (float)(accumulate ? (double)out[r * columns + c] + sum : sum);
        }
    }
}
