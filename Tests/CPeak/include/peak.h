#pragma once

// Runs 6 or 12 independent chains of `turns` multiplications with additions on registers of 16 floats: 32 * chains *
// turns operations. The registers of AVX2 have room for 6, and those of AVX-512 need more than 8 to be busy.
float peak_chains_6(long turns);
float peak_chains_12(long turns);
