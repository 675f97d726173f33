// What JavaScript calls: quantize(type, values, target, offset), over all cores.

#include <node_api.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "arguments.h"
#include "blocks.h"
#include "on_cores.h"

namespace {

struct BlockType {
  // In GGUF files.
  std::int32_t number;
  std::size_t elements;
  std::size_t bytes;
  int (*write)(const float* values, std::uint8_t* block);
};

constexpr BlockType kTypes[] = {
    {2, 32, 18, ggml::write_q4_0},    {3, 32, 20, ggml::write_q4_1},
    {6, 32, 22, ggml::write_q5_0},    {7, 32, 24, ggml::write_q5_1},
    {8, 32, 34, ggml::write_q8_0},    {12, 256, 144, ggml::write_q4_k},
    {13, 256, 176, ggml::write_q5_k}, {14, 256, 210, ggml::write_q6_k},
};

// How many of the values are infinite or NaN: in both all bits of the exponent are set.
std::int32_t not_finite(const float* values, std::size_t count) {
  std::int32_t found = 0;
  for (std::size_t i = 0; i < count; i++) {
    std::uint32_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    found += (bits & 0x7f800000) == 0x7f800000;
  }
  return found;
}

// Writes all blocks, a run of them on each core. Returns how many values or float16 scales are not finite.
std::int32_t write_all(const BlockType& type, const float* values, std::size_t count, std::uint8_t* target) {
  std::atomic<std::int32_t> all_found = 0;
  native::on_cores(count / type.elements, type.elements, [&](std::size_t begin, std::size_t end) {
    std::int32_t found = 0;
    for (std::size_t i = begin; i < end; i++) {
      const float* block = values + i * type.elements;
      found += not_finite(block, type.elements) + type.write(block, target + i * type.bytes);
    }
    all_found += found;
  });
  return all_found;
}

napi_value quantize(napi_env env, napi_callback_info info) {
  using native::refuse;
  napi_value given[4];
  std::size_t count = 4;
  std::int32_t number;
  std::uint32_t offset;
  native::Array values, target;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 4 ||
      napi_get_value_int32(env, given[0], &number) != napi_ok ||
      !native::read_array(env, given[1], napi_float32_array, &values) ||
      !native::read_array(env, given[2], napi_uint8_array, &target) ||
      napi_get_value_uint32(env, given[3], &offset) != napi_ok) {
    return refuse(env, "quantize takes a type, a Float32Array, a Uint8Array and an offset");
  }
  const auto type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                 [&](const BlockType& each) { return each.number == number; });
  if (type == std::end(kTypes)) return refuse(env, "the type has no blocks");
  const std::size_t size = values.length / type->elements * type->bytes;
  if (values.length % type->elements != 0) return refuse(env, "the values are no whole blocks");
  if (offset + size > target.length) return refuse(env, "the target is too short");
  const std::int32_t found =
      write_all(*type, static_cast<const float*>(values.data), values.length,
                static_cast<std::uint8_t*>(target.data) + offset);
  napi_value result;
  napi_create_int32(env, found, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  native::export_function(env, exports, "quantize", quantize);
  return exports;
}
