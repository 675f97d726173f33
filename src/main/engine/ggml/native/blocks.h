// The writers of blocks: each turns the values of one block into its bytes, as llama.cpp does without an importance matrix,
// and returns how many of the block's float16 scales are not finite. Layouts: dequantize.ts and dequantize-k.ts.

#pragma once

#include <cstdint>

namespace ggml {

// Blocks of 32 values.
int write_q4_0(const float* values, std::uint8_t* block);
int write_q4_1(const float* values, std::uint8_t* block);
int write_q5_0(const float* values, std::uint8_t* block);
int write_q5_1(const float* values, std::uint8_t* block);
int write_q8_0(const float* values, std::uint8_t* block);

// Blocks of 256 values.
int write_q4_k(const float* values, std::uint8_t* block);
int write_q5_k(const float* values, std::uint8_t* block);
int write_q6_k(const float* values, std::uint8_t* block);

}  // namespace ggml
