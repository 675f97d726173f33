// Memory that is not there is refused at once.
//
// TensorFlow asks for a refused block again and again for 10 s, in case another step in the process gives some back. Here no
// two steps run at a time, so nobody would: all that the wait did was to keep a run from going on with less. What the threads
// of one step give back meanwhile is waited for, a fifth of a second at most.
//
// TensorFlow calls the function below through the dynamic symbol table. This file is part of the binding; the binding is
// loaded before the libraries that it links to, so its definition is found first and stands in for TensorFlow's own.

#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>

namespace tsl {

// Declared in xla/tsl/framework/allocator_retry.h of TensorFlow 2.21. Its members are TensorFlow's and are not touched here.
class AllocatorRetry {
 public:
  void* AllocateRaw(std::function<void*(std::size_t alignment, std::size_t bytes, bool tell)>,
                    int max_millis_to_wait, std::size_t alignment, std::size_t bytes);
};

__attribute__((visibility("default"))) void* AllocatorRetry::AllocateRaw(
    std::function<void*(std::size_t, std::size_t, bool)> allocate, int, std::size_t alignment,
    std::size_t bytes) {
  if (bytes == 0) return nullptr;
  constexpr int kTries = 20;
  for (int tries = 0; tries < kTries; tries++) {
    if (void* block = allocate(alignment, bytes, false)) return block;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // The last refusal goes into TensorFlow's log.
  return allocate(alignment, bytes, true);
}

}  // namespace tsl
