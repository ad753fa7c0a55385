#pragma once

// The number of processors that this process may run on.
int kernel_available_processors(void);
