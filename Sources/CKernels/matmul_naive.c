#include "matmul.h"

void kernel_matmul_naive(
    float *c, ptrdiff_t c_stride, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
    ptrdiff_t b_column, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, float scale, int accumulate) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        for (ptrdiff_t j = 0; j < columns; j++) {
            double sum = 0.0;
            for (ptrdiff_t k = 0; k < inner; k++)
                sum += (double)a[i * a_row + k * a_column] * (double)b[k * b_row + j * b_column];
            float result = (float)(sum * (double)scale);
            c[i * c_stride + j] = accumulate ? c[i * c_stride + j] + result : result;
        }
    }
}
