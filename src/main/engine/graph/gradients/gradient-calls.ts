/** Which calls compute the gradient of another call, and how such a call could give that one's results as well. */
import type { Node, Tensor } from '../node.ts';

/** How a call came to be that computes the gradient of another. */
export type GradientCall = {
  forward: Node;
  /** Writes a call that also gives the results of `forward`. `gradients` are in the order of the outputs of the first call. */
  withResults: () => { gradients: readonly Tensor[]; results: readonly Tensor[] };
};

const noted = new WeakMap<Node, GradientCall>();

/** Null when the node is not such a call. */
export function gradientCall(node: Node): GradientCall | null {
  return noted.get(node) ?? null;
}

export function noteGradientCall(node: Node, made: GradientCall): void {
  noted.set(node, made);
}
