#include "COpenBLAS.h"
#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>

static __typeof__(cblas_sgemm) *sgemm;

static void load(void) {
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    __typeof__(openblas_set_num_threads) *set_threads =
        (__typeof__(openblas_set_num_threads) *)dlsym(library, "openblas_set_num_threads");
    if (set_threads) set_threads(1);
    sgemm = (__typeof__(cblas_sgemm) *)dlsym(library, "cblas_sgemm");
}

int openblas_is_here(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return sgemm != 0;
}

void openblas_product(
    int rows, int columns, int inner, float scale, const float *a, int a_leading, int a_is_transposed, const float *b,
    int b_leading, int b_is_transposed, float beta, float *c, int c_leading) {
    sgemm(
        CblasRowMajor, a_is_transposed ? CblasTrans : CblasNoTrans, b_is_transposed ? CblasTrans : CblasNoTrans, rows,
        columns, inner, scale, a, a_leading, b, b_leading, beta, c, c_leading);
}
