/** The environment variables that TensorFlow reads once, when its library is loaded, and where that library is. */
import { availableParallelism } from 'node:os';
import { locateRuntime } from './locate.ts';

/**
 * The variables to set in the process that will load TensorFlow, before it does; a value that the
 * person has set wins. One inter-op thread, because the graph is one chain of products that each
 * use all cores: two at a time only take the cores from each other.
 */
export function engineEnvironment(
  given: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const wanted: Record<string, string> = {
    TF_NUM_INTEROP_THREADS: '1',
    TF_NUM_INTRAOP_THREADS: String(availableParallelism()),
    // oneDNN's products are faster also where TensorFlow would not choose them by itself (AVX2), and its allocator
    // keeps blocks for the next step, where the plain one has the kernel clear new pages every time.
    TF_ENABLE_ONEDNN_OPTS: '1',
    // Nothing of its own log: what goes wrong comes as an exception with TensorFlow's words, and the rest, such as that
    // oneDNN has no bfloat16 on this processor (which TensorFlow calls an error), would land in the terminal.
    TF_CPP_MIN_LOG_LEVEL: '3',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    LORIKEET_BINDING: locateRuntime(given).binding,
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [name, given[name] ?? value]),
  );
}
