// For any processor; the only variant on one that is no x86-64.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VARIANT_SUFFIX portable
#define LANES 4
#define MATMUL_ROWS 4
#define MATMUL_INNER 256
#define WIDE

#include "../kernels/all.inc"
