#include "gnuplot_shim.h"
