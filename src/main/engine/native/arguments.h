// What JavaScript gives to a function.

#pragma once

#include <node_api.h>

#include <cstddef>

namespace native {

struct Array {
  napi_typedarray_type type;
  std::size_t length;
  void* data;
};

inline bool read_array(napi_env env, napi_value value, napi_typedarray_type wanted, Array* array) {
  return napi_get_typedarray_info(env, value, &array->type, &array->length, &array->data, nullptr,
                                  nullptr) == napi_ok &&
         array->type == wanted;
}

inline napi_value refuse(napi_env env, const char* reason) {
  napi_throw_type_error(env, nullptr, reason);
  return nullptr;
}

inline void export_function(napi_env env, napi_value exports, const char* name, napi_callback call) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace native
