// float32 products multiply float32.
//
// On NVIDIA GPUs since Ampere TensorFlow and XLA round a float32 product's inputs to 10 bits of mantissa (TF32) unless they
// are told not to: gradients were then seen to be off by 1 %, and a merge would not be exact. The switch is a C++ function
// of TensorFlow without an environment variable, so that it is set here, when the binding is loaded.

namespace tsl {

// Declared in xla/tsl/platform/tensor_float_32_utils.h of TensorFlow 2.21.
void enable_tensor_float_32_execution(bool enabled);

}  // namespace tsl

namespace {

[[maybe_unused]] const bool full_float32 = [] {
  tsl::enable_tensor_float_32_execution(false);
  return true;
}();

}  // namespace
