/** The library's interpreter, writing values as Jinja2 under Python does. */
import { isObject } from '../../../shared/is-object.ts';
import { plainJson, pythonJson, pythonText, type JsonStyle } from './python-text.ts';
import { listOf, methodOf } from './template-library.ts';
import type { TemplateValues } from './template-values.ts';

/** Nodes that write nothing where they give null: all others are expressions, of which Python writes `None`. */
const silent: ReadonlySet<unknown> = new Set(['Set', 'Macro', 'Comment']);

/** What is written, and the filters `string` and `tojson`, are Python's. The library calls these methods through `this`. */
export function speakPython(interpreter: object, values: TemplateValues): void {
  const applyFilter = methodOf(interpreter, 'applyFilter');
  const evaluateBinaryExpression = methodOf(interpreter, 'evaluateBinaryExpression');
  const evaluate = (node: unknown, scope: unknown) =>
    methodOf(interpreter, 'evaluate')(node, scope);
  const written = (node: unknown, scope: unknown) => {
    const value = evaluate(node, scope);
    const isSilent = isObject(node) && silent.has(node['type']) && typeOf(value) === 'NullValue';
    return isSilent ? '' : pythonText(value);
  };
  Object.assign(interpreter, {
    evaluateBlock: (nodes: readonly unknown[], scope: unknown) =>
      values.text(nodes.map((node) => written(node, scope)).join('')),
    evaluateBinaryExpression: (node: unknown, scope: unknown) => {
      if (!isObject(node) || !isObject(node['operator']) || node['operator']['value'] !== '~')
        return evaluateBinaryExpression(node, scope);
      const [left, right] = [evaluate(node['left'], scope), evaluate(node['right'], scope)];
      return values.text(pythonText(left) + pythonText(right));
    },
    applyFilter: (value: unknown, filter: unknown, scope: unknown) => {
      const name = isObject(filter) ? filter['value'] : null;
      if (name === 'string') return values.text(pythonText(value));
      if (name === 'tojson') return values.text(pythonJson(value));
      if (
        !isObject(filter) ||
        !isObject(filter['callee']) ||
        filter['callee']['value'] !== 'tojson'
      )
        return applyFilter(value, filter, scope);
      const given = methodOf(interpreter, 'evaluateArguments')(filter['args'], scope);
      return values.text(pythonJson(value, jsonStyle(given)));
    },
  });
}

/** The arguments of transformers' filter, in the order in which it takes them. */
const jsonArguments = ['ensure_ascii', 'indent', 'separators', 'sort_keys'] as const;

function jsonStyle(given: unknown): JsonStyle {
  const [listed, named] = listOf(given);
  const inPlace = listOf(listed);
  const byName = new Map<unknown, unknown>(named instanceof Map ? named : []);
  const [ensureAscii, indent, separators, sortKeys] = jsonArguments.map((name, at) => {
    const value = byName.get(name) ?? inPlace[at];
    return isObject(value) ? value['value'] : undefined;
  });
  if (typeof indent !== 'number' && indent !== undefined && indent !== null)
    throw new Error('If set, indent must be a number');
  const [between, behindKey] = Array.isArray(separators) ? separators.map(pythonText) : [];
  if (separators !== undefined && separators !== null && behindKey === undefined)
    throw new Error('If set, separators must be a tuple of two strings');
  return {
    ...plainJson,
    indent: typeof indent === 'number' ? indent : null,
    separators: between !== undefined && behindKey !== undefined ? [between, behindKey] : null,
    ensureAscii: ensureAscii === true,
    sortKeys: sortKeys === true,
  };
}

function typeOf(value: unknown): unknown {
  return isObject(value) ? value['type'] : null;
}
