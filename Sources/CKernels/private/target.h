// Every kernel is compiled several times, each time for other processors: the files of variants/ include all of
// kernels/. VARIANT(name) is the function's name there; dispatch.c calls one of them by the plain name.
#pragma once

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__) && defined(__linux__)
#define VARIANT_JOIN(name, suffix) name##_##suffix
#define VARIANT_NAME(name, suffix) VARIANT_JOIN(name, suffix)
#define VARIANT(name) VARIANT_NAME(name, VARIANT_SUFFIX)
#else
#define VARIANT(name) name
#endif
