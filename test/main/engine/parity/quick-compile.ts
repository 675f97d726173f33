/** Has XLA compile quickly instead of well: tiny models run a few steps. To be imported before TensorFlow is loaded. */

process.env['XLA_FLAGS'] ??=
  '--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true';
