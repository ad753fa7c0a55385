// One binary for every x86-64: each kernel is compiled for AVX-512, AVX2 + FMA and the baseline, and the loader picks. It
// does so before ThreadSanitizer is there, which the code that picks would call.
#pragma once

#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

#define INLINE static inline __attribute__((always_inline))
