#include "edit_shim.h"
