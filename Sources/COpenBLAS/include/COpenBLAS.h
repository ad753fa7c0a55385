// Products by OpenBLAS, which has kernels for processors that ours are not written for. It is loaded when it is first
// asked for: most runs never need it, and loading takes as long as the rest of the start.
#pragma once
#include <stddef.h>

// Whether OpenBLAS is here. It then keeps to the calling thread.
int openblas_is_here(void);

// C = scale A B + beta C, (rows, inner) by (inner, columns), all row-major. `a` and `b` may be transposed in memory;
// the leading dimensions are elements from one row in memory to the next. Only where OpenBLAS is here, and with sizes
// within 31 bits.
void openblas_product(
    int rows, int columns, int inner, float scale, const float *a, int a_leading, int a_is_transposed, const float *b,
    int b_leading, int b_is_transposed, float beta, float *c, int c_leading);
