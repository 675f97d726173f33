// Has TensorFlow tell when each kernel of a session call began and ended.
//
// For `npm run bench -- --profile` alone: the library is preloaded (LD_PRELOAD), so that its TF_SessionRun is found before
// TensorFlow's own. It asks for a trace and appends each, a RunMetadata behind its length in 8 bytes, to the file that
// LORIKEET_STEP_STATS names. The worker and all that it needs of TensorFlow come later: nothing is linked here.

#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tensorflow/c/c_api.h"

namespace {

// A function of the library that the binding has loaded by the time of the first session call.
template <typename Function>
Function* tensorflow(const char* name) {
  static void* const library = dlopen("libtensorflow_cc.so.2", RTLD_LAZY | RTLD_NOLOAD);
  void* found = library == nullptr ? nullptr : dlsym(library, name);
  if (found == nullptr) {
    std::fprintf(stderr, "step_stats.cc: libtensorflow_cc.so.2 has no %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

void append(const char* path, const TF_Buffer& trace) {
  FILE* file = std::fopen(path, "ab");
  if (file == nullptr) {
    std::perror(path);
    std::abort();
  }
  const std::uint64_t length = trace.length;
  std::fwrite(&length, sizeof(length), 1, file);
  std::fwrite(trace.data, 1, trace.length, file);
  std::fclose(file);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void TF_SessionRun(
    TF_Session* session, const TF_Buffer* options, const TF_Output* inputs,
    TF_Tensor* const* input_values, int input_count, const TF_Output* outputs,
    TF_Tensor** output_values, int output_count, const TF_Operation* const* targets,
    int target_count, TF_Buffer* metadata, TF_Status* status) {
  static auto* const run = tensorflow<decltype(TF_SessionRun)>("TF_SessionRun");
  const char* path = std::getenv("LORIKEET_STEP_STATS");
  if (path == nullptr || options != nullptr || metadata != nullptr) {
    run(session, options, inputs, input_values, input_count, outputs, output_values, output_count,
        targets, target_count, metadata, status);
    return;
  }
  // RunOptions { trace_level: SOFTWARE_TRACE }
  static const unsigned char traced[] = {0x08, 0x01};
  const TF_Buffer asked = {traced, sizeof(traced), nullptr};
  TF_Buffer* trace = tensorflow<decltype(TF_NewBuffer)>("TF_NewBuffer")();
  run(session, &asked, inputs, input_values, input_count, outputs, output_values, output_count,
      targets, target_count, trace, status);
  append(path, *trace);
  tensorflow<decltype(TF_DeleteBuffer)>("TF_DeleteBuffer")(trace);
}
