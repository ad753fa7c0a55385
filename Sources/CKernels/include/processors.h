#pragma once

// The number of processors that this process may run on.
int kernel_available_processors(void);

// The processor that the calling thread runs on, or -1 where the system does not tell.
int kernel_current_processor(void);

// The system's number of the calling thread, or -1.
int kernel_thread_number(void);

// Lets a thread run on every processor that the caller may run on, but for one. Does nothing where there would be none.
void kernel_keep_off(int thread, int processor);
