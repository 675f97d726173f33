/** Runs a chat template as Python does, and so that it makes no text and no list of a size that no template needs. */
import { Environment, Interpreter, type Template } from '@huggingface/jinja';
import { isObject } from '../../../shared/is-object.ts';
import { speakPython } from './python-interpreter.ts';
import { made, methodOf } from './template-library.ts';
import { TemplateSizes } from './template-sizes.ts';
import { TemplateValues } from './template-values.ts';

/** What a template itself says against a conversation. */
export class TemplateRefusal extends Error {}

/** What the library's `setupGlobals` defines, but for `strftime_now` (template-variables.ts). */
const globals = (sizes: TemplateSizes) => ({
  ...{ false: false, true: true, none: null, False: false, True: true, None: null },
  raise_exception: (message: string) => {
    throw new TemplateRefusal(message);
  },
  range: (start: number, stop?: number, step = 1) => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop];
    if (![from, to, step].every(Number.isFinite)) throw new Error('range() takes whole numbers');
    if (step === 0) throw new Error('range() step must not be zero');
    const length = Math.max(0, Math.ceil((to - from) / step));
    sizes.checkRange(length);
    return Array.from({ length }, (_, i) => from + i * step);
  },
});

/**
 * The text that the template writes.
 * @param characters about as many as there are in `variables`
 * @throws TemplateRefusal with the template's own words, another Error where it cannot go on or makes something too large
 */
export function runTemplate(
  { parsed }: Template,
  variables: Readonly<Record<string, unknown>>,
  characters: number,
): string {
  const sizes = new TemplateSizes(characters);
  const environment = made(Environment, []);
  const values = new TemplateValues(made(Environment, []));
  const declare = methodOf(environment, 'declareVariable');
  for (const [name, value] of Object.entries({ ...globals(sizes), ...variables }))
    declare(name, values.of(value));
  const interpreter = made(Interpreter, [environment]);
  speakPython(interpreter, values);
  watch(interpreter, sizes);
  const text: unknown = methodOf(interpreter, 'run')(parsed);
  return isObject(text) ? String(text['value']) : '';
}

/** The library calls these through `this`. */
function watch(interpreter: object, sizes: TemplateSizes): void {
  const evaluate = methodOf(interpreter, 'evaluate');
  const evaluateFor = methodOf(interpreter, 'evaluateFor');
  const applyFilter = methodOf(interpreter, 'applyFilter');
  const evaluateArguments = methodOf(interpreter, 'evaluateArguments');
  /** The size of what the filter is applied to whose arguments are evaluated. */
  let operand: number | null = null;
  Object.assign(interpreter, {
    evaluate: (node: unknown, scope: unknown) => {
      if (!isObject(node)) return evaluate(node, scope);
      if (node['type'] === 'CallExpression') sizes.callOf(node);
      const result = evaluate(node, scope);
      sizes.made(node, result);
      return result;
    },
    evaluateFor: (node: unknown, scope: unknown) => {
      sizes.enterLoop(node);
      return evaluateFor(node, scope);
    },
    applyFilter: (value: unknown, filter: unknown, scope: unknown) => {
      const outer = operand;
      operand = sizes.operandOf(value, filter);
      try {
        return applyFilter(value, filter, scope);
      } finally {
        operand = outer;
      }
    },
    evaluateArguments: (nodes: unknown, scope: unknown) => {
      const of = operand;
      // The filters inside of the arguments have operands of their own.
      operand = null;
      const result = evaluateArguments(nodes, scope);
      sizes.evaluated(nodes, result, of);
      return result;
    },
  });
}
