// TensorFlow's graph optimiser (Grappler) leaves the graphs as they are written.
//
// It goes over the whole graph and its functions for every set of tensors that is fetched, and finds nothing to better: a step
// of a 135 million parameter model takes no longer without it, and the first answer of each program comes sooner by more than
// half where the model is small. Constants are still folded by the session itself. tfjs-node-gpu loads models without
// options; the linker sends its call here (--wrap).

#include "tensorflow/c/c_api.h"

extern "C" {

TF_SessionOptions* __real_TF_NewSessionOptions();

TF_SessionOptions* __wrap_TF_NewSessionOptions() {
  // ConfigProto { graph_options { rewrite_options { disable_meta_optimizer: true } } }
  static const unsigned char config[] = {0x52, 0x05, 0x52, 0x03, 0x98, 0x01, 0x01};
  TF_SessionOptions* options = __real_TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  // Not taken, it would cost time, and sums would be ordered in another way.
  TF_SetConfig(options, config, sizeof(config), status);
  TF_DeleteStatus(status);
  return options;
}

}  // extern "C"
