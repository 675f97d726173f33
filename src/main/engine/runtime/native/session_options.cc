// TensorFlow's graph optimiser goes over a graph once.
//
// It goes over it twice unless it is told otherwise, for every set of tensors that is fetched. On these graphs the second
// time finds nothing: an adapter that is trained is the same to the bit, and the first step of a 135 million parameter model
// comes 1.5 s sooner. tfjs-node-gpu loads models without options; the linker sends its call here (--wrap).

#include "tensorflow/c/c_api.h"

extern "C" {

TF_SessionOptions* __real_TF_NewSessionOptions();

TF_SessionOptions* __wrap_TF_NewSessionOptions() {
  // ConfigProto { graph_options { rewrite_options { meta_optimizer_iterations: ONE } } }
  static const unsigned char config[] = {0x52, 0x04, 0x52, 0x02, 0x60, 0x01};
  TF_SessionOptions* options = __real_TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  // Not taken, it would cost time and nothing else.
  TF_SetConfig(options, config, sizeof(config), status);
  TF_DeleteStatus(status);
  return options;
}

}  // extern "C"
