// The plain names of the kernels: each jumps to the variant in use.
#include "variants.h"
#include <stdlib.h>
#include <string.h>

// Every function that VARIANT names in kernels/.
#define KERNELS(X)                                                                                                     \
    X(decode_argmax) X(decode_attention) X(decode_bridge) X(decode_exponentials) X(decode_panels) X(decode_panels_q8) X(decode_pick)       \
    X(decode_rms_norm) X(decode_rotate_and_store) X(decode_round) X(decode_silu) X(decode_swiglu) X(kernel_accumulate)                 \
    X(kernel_adamw) X(kernel_affine) X(kernel_all_within) X(kernel_attention_softmax)                                  \
    X(kernel_attention_softmax_backward) X(kernel_binary) X(kernel_bridge_attention)                                   \
    X(kernel_bridge_attention_backward) X(kernel_clamp) X(kernel_clamp_backward) X(kernel_column_extremum)             \
    X(kernel_column_sum) X(kernel_copy) X(kernel_embedding_backward) X(kernel_fill) X(kernel_gather)                   \
    X(kernel_layer_norm) X(kernel_layer_norm_backward) X(kernel_matmul_direct) X(kernel_matmul_dot)                    \
    X(kernel_matmul_pack_left) X(kernel_matmul_pack_right) X(kernel_matmul_shape) X(kernel_matmul_tiles)               \
    X(kernel_power) X(kernel_put) X(kernel_rms_norm) X(kernel_rms_norm_backward) X(kernel_rope)                        \
    X(kernel_row_cumulative_sum) X(kernel_row_extremum) X(kernel_row_product) X(kernel_row_sum) X(kernel_row_topk)     \
    X(kernel_scatter_add) X(kernel_select) X(kernel_sgd) X(kernel_softmax) X(kernel_softmax_backward)                  \
    X(kernel_sum_of_squares) X(kernel_summarise) X(kernel_swiglu) X(kernel_swiglu_backward) X(kernel_take)             \
    X(kernel_token_gradient) X(kernel_token_statistics) X(kernel_unary) X(kernel_unary_backward)

#if defined(__x86_64__) && defined(__linux__)

typedef void (*kernel_function)(void);

// The jump keeps all arguments where they are, so that no signature has to be repeated here.
#define DEFINE(name)                                                                                                  \
    void name##_portable(void), name##_avx2(void), name##_avx512(void);                                               \
    __attribute__((used, visibility("hidden"))) kernel_function name##_in_use = name##_portable;                      \
    __asm__(".text\n.p2align 4\n.globl " #name "\n.type " #name ", @function\n" #name ": jmp *" #name                  \
            "_in_use(%rip)\n.size " #name ", . - " #name "\n");
KERNELS(DEFINE)

#define USE_PORTABLE(name) name##_in_use = name##_portable;
#define USE_AVX2(name) name##_in_use = name##_avx2;
#define USE_AVX512(name) name##_in_use = name##_avx512;

static const char *in_use = "portable";

const char *const *kernel_variants(void) {
    static const char *const all[] = {"avx512", "avx2", "portable", 0};
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return all;
    return __builtin_cpu_supports("x86-64-v3") ? all + 1 : all + 2;
}

int kernel_use_variant(const char *name) {
    for (const char *const *variant = kernel_variants(); *variant; variant++) {
        if (strcmp(*variant, name) != 0) continue;
        in_use = *variant;
        if (strcmp(name, "avx512") == 0) {
            KERNELS(USE_AVX512)
        } else if (strcmp(name, "avx2") == 0) {
            KERNELS(USE_AVX2)
        } else {
            KERNELS(USE_PORTABLE)
        }
        return 0;
    }
    return -1;
}

// Before anything else runs. A name that is no variant is left for the program to complain about.
__attribute__((constructor)) static void choose(void) {
    const char *wanted = getenv("BRIDGE_KERNELS");
    if (!wanted || kernel_use_variant(wanted) != 0) kernel_use_variant(kernel_variants()[0]);
}

const char *kernel_variant(void) { return in_use; }

#else

// One variant, so its functions have the plain names.
const char *const *kernel_variants(void) {
    static const char *const all[] = {"portable", 0};
    return all;
}

int kernel_use_variant(const char *name) { return strcmp(name, "portable") == 0 ? 0 : -1; }

const char *kernel_variant(void) { return "portable"; }

#endif
