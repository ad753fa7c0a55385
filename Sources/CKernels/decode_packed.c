// Packing weights in f32, bf16, f16, 8 and 4 bits; the products with them are in kernels/decode_packed.inc and
// kernels/decode_q8.inc.
#include "decode_packed.h"
#include <math.h>
#include <string.h>

#define PANEL DECODE_PANEL
#define RUN DECODE_RUN
// Bytes of a run of a panel: the scales, then the numbers.
#define Q8_BYTES (PANEL * 4 + RUN * PANEL)
#define Q4_BYTES (PANEL * 4 + RUN * PANEL / 2)

ptrdiff_t decode_panel_bytes(decode_precision precision, ptrdiff_t inputs) {
    switch (precision) {
    case DECODE_F32: return inputs * PANEL * 4;
    case DECODE_BF16:
    case DECODE_F16: return inputs * PANEL * 2;
    case DECODE_Q8: return (inputs + RUN - 1) / RUN * Q8_BYTES;
    case DECODE_Q4: return (inputs + RUN - 1) / RUN * Q4_BYTES;
    }
    return 0;
}

static uint16_t rounded(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (value != value) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static uint16_t half_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7FFFFFFF;
    if (bits > 0x7F800000) return sign | 0x7E00;
    if (bits == 0x7F800000) return sign | 0x7C00;
    if (bits >= 0x477FF000) return sign | 0x7BFF;
    if (bits < 0x38800000) {
        // Below the smallest normal number the last place is 2^-24, as it is of the numbers from 0.5 on.
        float sum = fabsf(value) + 0.5f;
        memcpy(&bits, &sum, 4);
        return sign | (uint16_t)(bits - 0x3F000000);
    }
    bits += 0xFFF + (bits >> 13 & 1);
    return sign | (uint16_t)((bits - 0x38000000) >> 13);
}

static float float_of(uint16_t half) {
    uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
    float value;
    memcpy(&value, &bits, 4);
    value *= 0x1p112f;
    memcpy(&bits, &value, 4);
    if ((half & 0x7C00) == 0x7C00) bits |= 0x7F800000;
    bits |= (uint32_t)(half & 0x8000) << 16;
    memcpy(&value, &bits, 4);
    return value;
}

static void pack_q8(char *run, ptrdiff_t lane, const float *row, ptrdiff_t count) {
    float largest = 0.0f, nothing = 0.0f;
    for (ptrdiff_t k = 0; k < count; k++) {
        float size = fabsf(row[k]);
        if (size > largest) largest = size;
        nothing += row[k] * 0.0f;
    }
    // NaN where a number is not finite.
    float scale = largest / 127.0f + nothing;
    ((float *)run)[lane] = scale;
    int8_t *numbers = (int8_t *)(run + PANEL * 4);
    for (ptrdiff_t k = 0; k < RUN; k++) {
        float number = k < count && scale > 0.0f ? row[k] / scale : 0.0f;
        numbers[(k / 2 * PANEL + lane) * 2 + k % 2] = (int8_t)lrintf(fminf(fmaxf(number, -127.0f), 127.0f));
    }
}

static void pack_q4(char *run, ptrdiff_t lane, const float *row, ptrdiff_t count) {
    float least = row[0], most = row[0], nothing = 0.0f;
    for (ptrdiff_t k = 0; k < count; k++) {
        if (row[k] < least) least = row[k];
        if (row[k] > most) most = row[k];
        nothing += row[k] * 0.0f;
    }
    uint16_t scale_bits = half_of((most - least) / 15.0f + nothing), least_bits = half_of(least);
    ((uint16_t *)run)[lane] = scale_bits;
    ((uint16_t *)run)[PANEL + lane] = least_bits;
    // The numbers make up for the rounding of these two.
    float scale = float_of(scale_bits), from = float_of(least_bits);
    uint8_t *numbers = (uint8_t *)(run + PANEL * 4);
    for (ptrdiff_t k = 0; k < RUN; k++) {
        float number = k < count && scale > 0.0f ? (row[k] - from) / scale : 0.0f;
        uint8_t nibble = (uint8_t)lrintf(fminf(fmaxf(number, 0.0f), 15.0f));
        uint8_t *place = numbers + k / 2 * PANEL + lane;
        *place = k % 2 ? (uint8_t)(*place | nibble << 4) : nibble;
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
            case DECODE_F16:
                for (ptrdiff_t k = block; k < end; k++) ((uint16_t *)panel)[k * PANEL + lane] = half_of(row[k]);
                break;
            case DECODE_Q8:
                for (ptrdiff_t k = block; k < end; k += RUN) {
                    pack_q8(panel + k / RUN * Q8_BYTES, lane, row + k, k + RUN < end ? RUN : end - k);
                }
                break;
            case DECODE_Q4:
                for (ptrdiff_t k = block; k < end; k += RUN) {
                    pack_q4(panel + k / RUN * Q4_BYTES, lane, row + k, k + RUN < end ? RUN : end - k);
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
        const char *run = panel + k / RUN * (precision == DECODE_Q4 ? Q4_BYTES : Q8_BYTES);
        switch (precision) {
        case DECODE_F32: out[k] = ((const float *)panel)[k * PANEL + lane]; break;
        case DECODE_BF16:
            bits = (uint32_t)((const uint16_t *)panel)[k * PANEL + lane] << 16;
            memcpy(out + k, &bits, 4);
            break;
        case DECODE_F16: out[k] = float_of(((const uint16_t *)panel)[k * PANEL + lane]); break;
        case DECODE_Q4: {
            uint8_t pair = ((const uint8_t *)(run + PANEL * 4))[k % RUN / 2 * PANEL + lane];
            const uint16_t *halves = (const uint16_t *)run;
            out[k] = (float)(k % 2 ? pair >> 4 : pair & 15) * float_of(halves[lane]) + float_of(halves[PANEL + lane]);
            break;
        }
        case DECODE_Q8:
            out[k] = (float)((const int8_t *)(run + PANEL * 4))[(k % RUN / 2 * PANEL + lane) * 2 + k % 2]
                * ((const float *)run)[lane];
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
