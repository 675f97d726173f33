/** Where the time of steps went: oneDNN's lines and TensorFlow's traces as parts that add up to the whole. */
import { operationsOf, type OnednnCall, type ProductShape } from './onednn-line.ts';
import { kernelsOf, spanOf, type Executed, type Kernel } from './step-stats.ts';

/** By which a product is told from the others. */
export type Dimensions = {
  vocabulary: number;
  /** The ranks of a group's modules together, for each group that has adapters. */
  ranks: ReadonlySet<number>;
};

export type ProductKind = 'layers' | 'low rank' | 'attention' | 'vocabulary';

/** Attention multiplies batches of heads; a low-rank product has a side that is a group's rank, or the one gate of its adapter. */
export function productKind(shape: ProductShape, { vocabulary, ranks }: Dimensions): ProductKind {
  const sides = [shape.m, shape.k, shape.n];
  if (shape.batch > 1) return 'attention';
  if (sides.some((side) => ranks.has(side) || side === 1)) return 'low rank';
  return sides.includes(vocabulary) ? 'vocabulary' : 'layers';
}

export type Part = { name: string; seconds: number; calls: number; operations?: number };

/** What was seen of some steps in sequence. */
export type Seen = {
  onednn: readonly OnednnCall[];
  /** The nodes of each session call. */
  sessions: readonly (readonly Executed[])[];
  /** Of the steps as the engine takes them, from tokens to loss. */
  seconds: number;
};

export type Account = {
  parts: Part[];
  /** Islands and other nodes, by name and by operation, the longest first. */
  islands: Part[];
  nodes: Part[];
  /** How many nodes TensorFlow's executor went through. */
  executed: number;
};

const shown: readonly (readonly [ProductKind, string])[] = [
  ['layers', 'products of layers'],
  ['low rank', 'low-rank products'],
  ['attention', 'products of attention'],
  ['vocabulary', 'products with the vocabulary'],
];

export function accountFor({ onednn, sessions, seconds }: Seen, dimensions: Dimensions): Account {
  const products = onednn.flatMap(({ product, seconds: each }) =>
    product ? [{ kind: productKind(product, dimensions), product, seconds: each }] : [],
  );
  const measured = shown.map(([kind, name]): Part => {
    const own = products.filter((each) => each.kind === kind);
    const operations = own.reduce((sum, each) => sum + operationsOf(each.product), 0);
    return { name, ...totals(own), operations };
  });
  const kernels = sessions.flatMap(kernelsOf);
  const of = (kind: Kernel['kind']) => kernels.filter((kernel) => kernel.kind === kind);
  const multiplying = totals(of('product'));
  const inOnednn = totals(products);
  const spans = sessions.reduce((sum, nodes) => sum + spanOf(nodes), 0);
  const executed = sessions.reduce((sum, nodes) => sum + nodes.length, 0);
  return {
    parts: [
      ...measured,
      {
        name: 'products outside of oneDNN',
        seconds: multiplying.seconds - inOnednn.seconds,
        calls: multiplying.calls - inOnednn.calls,
      },
      { name: 'islands', ...totals(of('island')) },
      { name: 'other nodes', ...totals(of('node')) },
      { name: 'between nodes', seconds: spans - totals(kernels).seconds, calls: executed },
      { name: 'outside of TensorFlow', seconds: seconds - spans, calls: sessions.length },
    ],
    islands: byName(of('island'), ({ name }) => name),
    nodes: byName(of('node'), ({ op }) => op),
    executed,
  };
}

function totals(each: readonly { seconds: number }[]): { seconds: number; calls: number } {
  return { seconds: each.reduce((sum, { seconds }) => sum + seconds, 0), calls: each.length };
}

function byName(kernels: readonly Kernel[], nameOf: (kernel: Kernel) => string): Part[] {
  const names = [...new Set(kernels.map(nameOf))];
  return names
    .map((name) => ({ name, ...totals(kernels.filter((kernel) => nameOf(kernel) === name)) }))
    .sort((a, b) => b.seconds - a.seconds);
}
