#include "embedding.h"
#include "private/target.h"

KERNEL void kernel_embedding_backward(
    float *restrict table, const float *restrict gradient, const int32_t *ids, ptrdiff_t count, ptrdiff_t dim,
    ptrdiff_t first_column, ptrdiff_t last_column) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float *row = table + (ptrdiff_t)ids[i] * dim;
        const float *g = gradient + i * dim;
        for (ptrdiff_t c = first_column; c < last_column; c++) row[c] += g[c];
    }
}
