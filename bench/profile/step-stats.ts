/** TensorFlow's own account of a step: when each node of the graph began and ended, as native/step_stats.cc writes it. */
import protobuf from 'protobufjs';
import { z } from 'zod';

/** Field numbers: tensorflow/core/framework/step_stats.proto and tensorflow/core/protobuf/config.proto of TensorFlow 2.21. */
const source = `
syntax = "proto3";
message NodeExecStats {
  string node_name = 1; string timeline_label = 8;
  int64 all_start_nanos = 13; int64 all_end_rel_nanos = 16;
}
message DeviceStepStats { repeated NodeExecStats node_stats = 2; }
message StepStats { repeated DeviceStepStats dev_stats = 1; }
message RunMetadata { StepStats step_stats = 1; }
`;
const metadataType = protobuf.parse(source, { keepCase: true }).root.lookupType('RunMetadata');

const metadata = z.object({
  step_stats: z.object({
    dev_stats: z.array(
      z.object({
        node_stats: z.array(
          z.object({
            node_name: z.string(),
            timeline_label: z.string(),
            all_start_nanos: z.number(),
            all_end_rel_nanos: z.number(),
          }),
        ),
      }),
    ),
  }),
});

export type Executed = {
  /** Of the node in its function: 'rms_norm_45'. */
  name: string;
  /** '_MklMatMul', 'Slice' … */
  op: string;
  /** Nanoseconds. */
  start: number;
  end: number;
};

/** The nodes of each session call in a file of traces; each call's are in the order in which they began. */
export function readTraces(bytes: Buffer): Executed[][] {
  const calls: Executed[][] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const begin = at + BigUint64Array.BYTES_PER_ELEMENT;
    at = begin + length;
    const message = metadataType.decode(bytes.subarray(begin, at));
    const options = { longs: Number, defaults: true, arrays: true };
    const { step_stats } = metadata.parse(metadataType.toObject(message, options));
    calls.push(step_stats.dev_stats.flatMap(({ node_stats }) => node_stats.map(executed)));
  }
  return calls.map((nodes) => nodes.sort((a, b) => a.start - b.start || b.end - a.end));
}

function executed(stats: {
  node_name: string;
  timeline_label: string;
  all_start_nanos: number;
  all_end_rel_nanos: number;
}): Executed {
  const { node_name: name, all_start_nanos: start } = stats;
  // '[mklcpu 1.1MB 1.1MB] Slice_77 = Slice(attention_inputs_62, Const_75, Const_76)'
  const op = /= (\w+)\(/.exec(stats.timeline_label)?.[1] ?? 'unknown';
  return { name, op, start, end: start + stats.all_end_rel_nanos };
}

/** Nodes that run a function of the graph. */
const calling = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

export type Kernel = {
  kind: 'product' | 'island' | 'node';
  name: string;
  op: string;
  seconds: number;
};

/**
 * What computed: calls of functions that TensorFlow runs node by node are left out, because their nodes are there themselves;
 * calls inside of which nothing else began are islands. That holds with one inter-op thread, where nodes follow one another.
 * @param nodes of one session call, in the order in which they began
 */
export function kernelsOf(nodes: readonly Executed[]): Kernel[] {
  return nodes.flatMap((node, i): Kernel[] => {
    const { name, op, start, end } = node;
    const next = nodes[i + 1];
    const isCall = calling.has(op);
    if (isCall && next && next.start < end) return [];
    const kind = isCall ? 'island' : op.includes('MatMul') ? 'product' : 'node';
    return [{ kind, name: name.replace(/_\d+$/, ''), op, seconds: (end - start) / 1e9 }];
  });
}

/** Seconds from the first node's beginning to the last one's end. */
export function spanOf(nodes: readonly Executed[]): number {
  const first = nodes[0]?.start ?? 0;
  return nodes.reduce((last, { end }) => Math.max(last, end - first), 0) / 1e9;
}
