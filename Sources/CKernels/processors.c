#define _GNU_SOURCE
#include "processors.h"
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#endif

int kernel_available_processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

#if defined(__linux__)

int kernel_current_processor(void) { return sched_getcpu(); }

int kernel_thread_number(void) { return (int)syscall(SYS_gettid); }

void kernel_keep_off(int thread, int processor) {
    cpu_set_t set;
    if (processor < 0 || processor >= CPU_SETSIZE || sched_getaffinity(0, sizeof set, &set) != 0) return;
    CPU_CLR(processor, &set);
    if (CPU_COUNT(&set) > 0) sched_setaffinity(thread, sizeof set, &set);
}

#else

int kernel_current_processor(void) { return -1; }

int kernel_thread_number(void) { return -1; }

void kernel_keep_off(int thread, int processor) {}

#endif
