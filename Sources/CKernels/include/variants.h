#pragma once

// Kernels are compiled for several processors: "portable", "avx2" (with FMA) and "avx512" on x86-64. At the start the
// best one that runs here is taken, or the one that the environment variable BRIDGE_KERNELS names.

// The names of the variants that run on this processor, best first; null after the last.
const char *const *kernel_variants(void);

// The name of the variant in use.
const char *kernel_variant(void);

// Takes a variant by its name; -1 if there is none of that name that runs here. Not while kernels run.
int kernel_use_variant(const char *name);
