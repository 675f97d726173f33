/** The environment variables that TensorFlow reads once, when its library is loaded, and where that library is. */
import { availableParallelism } from 'node:os';
import { givenLimits } from '../available-memory.ts';
import type { MemoryLimit } from '../limits/memory-limit.ts';
import { locateRuntime } from './locate.ts';

/**
 * The variables to set in the process that will load TensorFlow, before it does; a value that the
 * person has set wins. One inter-op thread, because the graph is one chain of products that each
 * use all cores: two at a time only take the cores from each other.
 */
export function engineEnvironment(
  given: Readonly<Record<string, string | undefined>> = process.env,
  limits: readonly Pick<MemoryLimit, 'free'>[] = givenLimits(),
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
    ...mostForTensors(limits),
    LORIKEET_BINDING: locateRuntime(given).binding,
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [name, given[name] ?? value]),
  );
}

/** What the process takes beside tensors, bytes: Node, the libraries, the graph, XLA with what it compiles. */
const besideTensors = 600e6;
const least = 64 * 2 ** 20;

/**
 * Where a limit was set for this process or its control group, oneDNN's allocator stops below it: the request for a tensor is then
 * refused in a way that training can go on from. At the limit itself the kernel ends the process, or the C++ library does, for
 * whichever small piece comes next.
 */
function mostForTensors(limits: readonly Pick<MemoryLimit, 'free'>[]): Record<string, string> {
  const free = Math.min(...limits.map((limit) => limit.free));
  if (free === Infinity) return {};
  return { TF_MKL_ALLOC_MAX_BYTES: String(Math.round(Math.max(least, free - besideTensors))) };
}
