// What JavaScript calls, over all cores: tableCodes(values, midpoints, codes, scales) and byteCodes(values, codes, largest).

#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "arguments.h"
#include "codes.h"
#include "on_cores.h"

namespace {

using native::Array;
using native::read_array;
using native::refuse;

napi_value table_codes(napi_env env, napi_callback_info info) {
  napi_value given[4];
  std::size_t count = 4;
  Array values, midpoints, codes, scales;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 4 ||
      !read_array(env, given[0], napi_float32_array, &values) ||
      !read_array(env, given[1], napi_float32_array, &midpoints) ||
      !read_array(env, given[2], napi_uint8_array, &codes) ||
      !read_array(env, given[3], napi_float32_array, &scales)) {
    return refuse(env, "tableCodes takes values, midpoints, codes and scales");
  }
  if (midpoints.length != packed::kMidpoints) return refuse(env, "there are not 15 midpoints");
  if (values.length != scales.length * packed::kBlock || values.length != codes.length * 2) {
    return refuse(env, "the values are not those of the codes and scales");
  }
  native::on_cores(scales.length, packed::kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i++) {
      packed::write_table(static_cast<const float*>(values.data) + i * packed::kBlock,
                          static_cast<const float*>(midpoints.data),
                          static_cast<std::uint8_t*>(codes.data) + i * (packed::kBlock / 2),
                          static_cast<float*>(scales.data) + i);
    }
  });
  return nullptr;
}

napi_value byte_codes(napi_env env, napi_callback_info info) {
  napi_value given[3];
  std::size_t count = 3;
  Array values, codes, largest;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 3 ||
      !read_array(env, given[0], napi_float32_array, &values) ||
      !read_array(env, given[1], napi_int8_array, &codes) ||
      !read_array(env, given[2], napi_float32_array, &largest)) {
    return refuse(env, "byteCodes takes values, codes and largest magnitudes");
  }
  const std::size_t rows = largest.length;
  if (rows == 0 || values.length % rows != 0 || values.length != codes.length) {
    return refuse(env, "the values are not those of the codes and rows");
  }
  const std::size_t columns = values.length / rows;
  native::on_cores(rows, columns, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i++) {
      packed::write_row(static_cast<const float*>(values.data) + i * columns, columns,
                        static_cast<std::int8_t*>(codes.data) + i * columns,
                        static_cast<float*>(largest.data) + i);
    }
  });
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  native::export_function(env, exports, "tableCodes", table_codes);
  native::export_function(env, exports, "byteCodes", byte_codes);
  return exports;
}
