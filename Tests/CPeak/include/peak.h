#pragma once

// Runs 12 independent chains of `turns` multiplications with additions on registers of 16 floats: 384 * turns
// operations.
float peak_chains(long turns);
