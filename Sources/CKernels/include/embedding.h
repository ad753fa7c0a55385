#pragma once
#include <stddef.h>
#include <stdint.h>

// table[ids[i]][c] += gradient[i][c] for columns first_column <= c < last_column, in the order of the ids.
void kernel_embedding_backward(
    float *table, const float *gradient, const int32_t *ids, ptrdiff_t count, ptrdiff_t dim, ptrdiff_t first_column,
    ptrdiff_t last_column);
