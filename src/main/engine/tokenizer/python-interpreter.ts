/** The library's interpreter, writing values as Jinja2 under Python does. */
import { isObject } from '../../../shared/is-object.ts';
import { joinedItems, pythonFilter, pythonTests } from './python-filters.ts';
import { pythonOperators } from './python-operators.ts';
import { partsOf, plainJson, pythonJson, pythonText, type JsonStyle } from './python-text.ts';
import { listOf, methodOf } from './template-library.ts';
import type { TemplateValues } from './template-values.ts';

/** Nodes that write nothing where they give null: all others are expressions, of which Python writes `None`. */
const silent: ReadonlySet<unknown> = new Set(['Set', 'Macro', 'Comment']);

/** What `x.items` and the like are of an object, whatever its keys are. */
const methodsOfObjects: ReadonlySet<unknown> = new Set(['get', 'items', 'keys', 'values']);

/** What is written, operators, filters and tests are Python's. The library calls these methods through `this`. */
export function speakPython(interpreter: object, values: TemplateValues): void {
  const applyFilter = methodOf(interpreter, 'applyFilter');
  const evaluateBinaryExpression = methodOf(interpreter, 'evaluateBinaryExpression');
  const evaluateTestExpression = methodOf(interpreter, 'evaluateTestExpression');
  const evaluateMemberExpression = methodOf(interpreter, 'evaluateMemberExpression');
  const operators = pythonOperators(values);
  const evaluate = (node: unknown, scope: unknown) =>
    methodOf(interpreter, 'evaluate')(node, scope);
  const written = (node: unknown, scope: unknown) => {
    const value = evaluate(node, scope);
    const isSilent =
      isObject(node) && silent.has(node['type']) && partsOf(value).type === 'NullValue';
    return isSilent ? '' : pythonText(value);
  };
  Object.assign(interpreter, {
    evaluateBlock: (nodes: readonly unknown[], scope: unknown) =>
      values.text(nodes.map((node) => written(node, scope)).join('')),
    evaluateBinaryExpression: (node: unknown, scope: unknown) => {
      const operator = operators.get(fieldOf(fieldOf(node, 'operator'), 'value'));
      if (operator === undefined) return evaluateBinaryExpression(node, scope);
      const left = evaluate(fieldOf(node, 'left'), scope);
      return operator(left, evaluate(fieldOf(node, 'right'), scope));
    },
    evaluateMemberExpression: (node: unknown, scope: unknown) => {
      const name = fieldOf(fieldOf(node, 'property'), 'value');
      if (!methodsOfObjects.has(name) || fieldOf(node, 'computed') === true)
        return evaluateMemberExpression(node, scope);
      const object = evaluate(fieldOf(node, 'object'), scope);
      const methods = partsOf(object).type === 'ObjectValue' ? fieldOf(object, 'builtins') : null;
      if (!(methods instanceof Map)) return evaluateMemberExpression(node, scope);
      // The library takes a key of this name, such as that of the parameter "items".
      const method: unknown = methods.get(name);
      return method;
    },
    evaluateTestExpression: (node: unknown, scope: unknown) => {
      const kinds = pythonTests.get(fieldOf(fieldOf(node, 'test'), 'value'));
      if (kinds === undefined) return evaluateTestExpression(node, scope);
      const { type } = partsOf(evaluate(fieldOf(node, 'operand'), scope));
      return values.truth(kinds.includes(type) !== (fieldOf(node, 'negate') === true));
    },
    applyFilter: (value: unknown, filter: unknown, scope: unknown) => {
      const name = fieldOf(fieldOf(filter, 'callee'), 'value') ?? fieldOf(filter, 'value');
      const hasArguments = fieldOf(filter, 'callee') !== undefined;
      if (name === 'tojson') {
        const args = hasArguments ? fieldOf(filter, 'args') : [];
        const given = methodOf(interpreter, 'evaluateArguments')(args, scope);
        return values.text(pythonJson(value, jsonStyle(given)));
      }
      const own = hasArguments ? null : pythonFilter(name, value, values);
      if (own !== null) return own;
      const operand = name === 'join' ? joinedItems(value, values) : value;
      // The first of an empty list is nothing.
      return applyFilter(operand, withoutUndefined(filter), scope) ?? values.of(undefined);
    },
  });
}

const opposite: ReadonlyMap<unknown, string> = new Map([
  ['selectattr', 'rejectattr'],
  ['rejectattr', 'selectattr'],
]);

/** `selectattr(x, 'undefined')` as `rejectattr(x, 'defined')`: of items without the attribute the library asks nothing. */
function withoutUndefined(filter: unknown): unknown {
  const [attribute, asked, ...others] = listOf(fieldOf(filter, 'args'));
  const callee = fieldOf(filter, 'callee');
  const name = opposite.get(fieldOf(callee, 'value'));
  if (!isObject(filter) || !isObject(callee) || !isObject(asked)) return filter;
  if (name === undefined || asked['value'] !== 'undefined' || others.length > 0) return filter;
  const args = [attribute, { ...asked, value: 'defined' }];
  return { ...filter, callee: { ...callee, value: name }, args };
}

/** Of a node or a value of the library; called for each node of each rendering. */
function fieldOf(of: unknown, key: string): unknown {
  return isObject(of) ? of[key] : undefined;
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
