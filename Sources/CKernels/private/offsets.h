// Where a row of an iteration space begins.
#pragma once
#include <stddef.h>
#include "target.h"

// Offset in an operand of a run of the last dimension, from the run's number.
INLINE ptrdiff_t row_offset(ptrdiff_t row, int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides) {
    ptrdiff_t offset = 0;
    for (int d = rank - 2; d >= 0; d--) {
        offset += (row % sizes[d]) * strides[d];
        row /= sizes[d];
    }
    return offset;
}
