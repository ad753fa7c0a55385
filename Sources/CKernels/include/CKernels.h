// Every kernel. One header names the others, so that a new one reaches clients that were built before.
#pragma once

#include "bridge_attention.h"
#include "decode.h"
#include "decode_packed.h"
#include "elementwise.h"
#include "embedding.h"
#include "matmul.h"
#include "normalise.h"
#include "optimiser.h"
#include "pause.h"
#include "processors.h"
#include "reduction.h"
#include "selection.h"
#include "softmax.h"
#include "variants.h"
