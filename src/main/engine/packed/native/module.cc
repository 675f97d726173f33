// What JavaScript calls, over all cores: tableCodes(values, midpoints, codes, scales), byteCodes(values, codes, largest),
// codeSquares(codes, numbers, scales, minima, squares) and floatSquares(values, squares). Values are float32, or the bits of bfloat16.

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "arguments.h"
#include "codes.h"
#include "on_cores.h"

namespace {

using native::Array;
using native::read_array;
using native::refuse;

// Values of either type, some of them at a time as float32.
class Values {
 public:
  bool read(napi_env env, napi_value given) {
    return read_array(env, given, napi_float32_array, &array_) ||
           read_array(env, given, napi_uint16_array, &array_);
  }

  std::size_t length() const { return array_.length; }

  // Writes to `room`, which has place for them, where they are no float32 already.
  const float* at(std::size_t begin, std::size_t count, float* room) const {
    if (array_.type == napi_float32_array) return static_cast<const float*>(array_.data) + begin;
    packed::widen(static_cast<const std::uint16_t*>(array_.data) + begin, count, room);
    return room;
  }

 private:
  Array array_;
};

napi_value table_codes(napi_env env, napi_callback_info info) {
  napi_value given[4];
  std::size_t count = 4;
  Values values;
  Array midpoints, codes, scales;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 4 ||
      !values.read(env, given[0]) ||
      !read_array(env, given[1], napi_float32_array, &midpoints) ||
      !read_array(env, given[2], napi_uint8_array, &codes) ||
      !read_array(env, given[3], napi_float32_array, &scales)) {
    return refuse(env, "tableCodes takes values, midpoints, codes and scales");
  }
  if (midpoints.length != packed::kMidpoints) return refuse(env, "there are not 15 midpoints");
  if (values.length() != scales.length * packed::kBlock || values.length() != codes.length * 2) {
    return refuse(env, "the values are not those of the codes and scales");
  }
  native::on_cores(scales.length, packed::kBlock, [&](std::size_t begin, std::size_t end) {
    float room[packed::kBlock];
    for (std::size_t i = begin; i < end; i++) {
      packed::write_table(values.at(i * packed::kBlock, packed::kBlock, room),
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
  Values values;
  Array codes, largest;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 3 ||
      !values.read(env, given[0]) ||
      !read_array(env, given[1], napi_int8_array, &codes) ||
      !read_array(env, given[2], napi_float32_array, &largest)) {
    return refuse(env, "byteCodes takes values, codes and largest magnitudes");
  }
  const std::size_t rows = largest.length;
  if (rows == 0 || values.length() % rows != 0 || values.length() != codes.length) {
    return refuse(env, "the values are not those of the codes and rows");
  }
  const std::size_t columns = values.length() / rows;
  native::on_cores(rows, columns, [&](std::size_t begin, std::size_t end) {
    std::vector<float> room(columns);
    for (std::size_t i = begin; i < end; i++) {
      packed::write_row(values.at(i * columns, columns, room.data()), columns,
                        static_cast<std::int8_t*>(codes.data) + i * columns,
                        static_cast<float*>(largest.data) + i);
    }
  });
  return nullptr;
}

napi_value code_squares(napi_env env, napi_callback_info info) {
  napi_value given[5];
  std::size_t count = 5;
  Array codes, numbers, scales, minima, squares;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 5 ||
      !read_array(env, given[0], napi_uint8_array, &codes) ||
      !read_array(env, given[1], napi_float32_array, &numbers) ||
      !read_array(env, given[2], napi_float32_array, &scales) ||
      !read_array(env, given[3], napi_float32_array, &minima) ||
      !read_array(env, given[4], napi_float64_array, &squares)) {
    return refuse(env, "codeSquares takes codes, numbers, scales, minima and squares");
  }
  const bool nibbles = numbers.length == 16;
  const std::size_t values = codes.length * (nibbles ? 2 : 1);
  const std::size_t rows = squares.length;
  if ((!nibbles && numbers.length != 256) || scales.length == 0 || values % scales.length != 0 ||
      (minima.length != 0 && minima.length != scales.length) || rows == 0 || values % rows != 0 ||
      (nibbles && values % packed::kBlock != 0)) {
    return refuse(env, "the codes are not those of the numbers, scales, minima and rows");
  }
  const packed::Codes matrix = {
      static_cast<const std::uint8_t*>(codes.data),
      static_cast<const float*>(numbers.data),
      nibbles,
      static_cast<const float*>(scales.data),
      minima.length == 0 ? nullptr : static_cast<const float*>(minima.data),
      values / scales.length,
  };
  const std::size_t columns = values / rows;
  native::on_cores(rows, columns, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i++) {
      static_cast<double*>(squares.data)[i] =
          packed::sum_of_squares(matrix, i * columns, (i + 1) * columns);
    }
  });
  return nullptr;
}

napi_value float_squares(napi_env env, napi_callback_info info) {
  napi_value given[2];
  std::size_t count = 2;
  Array values, squares;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != napi_ok || count != 2 ||
      !read_array(env, given[0], napi_uint16_array, &values) ||
      !read_array(env, given[1], napi_float64_array, &squares)) {
    return refuse(env, "floatSquares takes values and squares");
  }
  const std::size_t rows = squares.length;
  if (rows == 0 || values.length % rows != 0) return refuse(env, "the values are no whole rows");
  const std::size_t columns = values.length / rows;
  native::on_cores(rows, columns, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i++) {
      static_cast<double*>(squares.data)[i] = packed::sum_of_squares(
          static_cast<const std::uint16_t*>(values.data) + i * columns, columns);
    }
  });
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  native::export_function(env, exports, "tableCodes", table_codes);
  native::export_function(env, exports, "byteCodes", byte_codes);
  native::export_function(env, exports, "codeSquares", code_squares);
  native::export_function(env, exports, "floatSquares", float_squares);
  return exports;
}
