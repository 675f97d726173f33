/** The gradients of results: each operation by its rule, and a call by differentiating the function that it calls. */
import { calledFunction } from '../function.ts';
import { GraphError, type Node } from '../node.ts';
import { callGradient } from './call-gradient.ts';
import { reverse, type Gradients } from './reverse.ts';
import { gradientRules, type GradientRule } from './rules.ts';

/** Throws a GraphError for an operation without a rule. */
export const gradients: Gradients = (ys, dys, wrt) => reverse(ruleFor, ys, dys, wrt);

const ruleOfCalls = callGradient(gradients);

function ruleFor(node: Node): GradientRule {
  const rule = calledFunction(node) ? ruleOfCalls : gradientRules[node.op];
  if (!rule) throw new GraphError(`${node.op} has no gradient rule`);
  return rule;
}
