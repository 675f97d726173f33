/** Operators of chat templates as Python has them: JavaScript holds '' for 0, and no list for equal to another. */
import { entriesOf, partsOf, pythonText } from './python-text.ts';
import { listOf } from './template-library.ts';
import type { TemplateValues } from './template-values.ts';

type Operator = (left: unknown, right: unknown) => object;

/** By the sign; those that are not here are the library's. Values are the library's. */
export function pythonOperators(values: TemplateValues): ReadonlyMap<unknown, Operator> {
  return new Map<unknown, Operator>([
    ['~', (left, right) => values.text(pythonText(left) + pythonText(right))],
    ['==', (left, right) => values.truth(isEqual(left, right))],
    ['!=', (left, right) => values.truth(!isEqual(left, right))],
    ['in', (left, right) => values.truth(isIn(left, right))],
    ['not in', (left, right) => values.truth(!isIn(left, right))],
    ['%', (left, right) => remainder(left, right, values)],
  ]);
}

/** `left == right` */
function isEqual(left: unknown, right: unknown): boolean {
  const [a, b] = [partsOf(left), partsOf(right)];
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x === y;
  if (a.type !== b.type) return false;
  switch (a.type) {
    case 'UndefinedValue':
    case 'NullValue':
      return true;
    case 'TupleValue':
    case 'ArrayValue': {
      const [items, others] = [listOf(a.own), listOf(b.own)];
      return items.length === others.length && items.every((item, i) => isEqual(item, others[i]));
    }
    case 'ObjectValue': {
      const [entries, others] = [entriesOf(a.own), new Map(entriesOf(b.own))];
      return (
        entries.length === others.size &&
        entries.every(([key, each]) => others.has(key) && isEqual(each, others.get(key)))
      );
    }
    case 'StringValue':
      return a.own === b.own;
    default:
      return left === right;
  }
}

/** `left in right` */
function isIn(left: unknown, right: unknown): boolean {
  const [a, b] = [partsOf(left), partsOf(right)];
  switch (b.type) {
    case 'UndefinedValue':
      return false;
    case 'TupleValue':
    case 'ArrayValue':
      return listOf(b.own).some((item) => isEqual(left, item));
    case 'NamespaceValue':
    case 'ObjectValue':
      return a.type === 'StringValue' && entriesOf(b.own).some(([key]) => key === a.own);
    case 'StringValue':
      if (a.type === 'StringValue') return String(b.own).includes(String(a.own));
  }
  throw new Error(`it asks whether ${a.type} is in ${b.type}`);
}

/** `left % right`, which has the sign of `right`. */
function remainder(left: unknown, right: unknown, values: TemplateValues): object {
  const [a, b] = [partsOf(left), partsOf(right)];
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null) throw new Error(`it has "%" between ${a.type} and ${b.type}`);
  if (y === 0) throw new Error('it divides by zero');
  const result = x - y * Math.floor(x / y);
  return [a.type, b.type].includes('FloatValue') ? values.float(result) : values.of(result);
}

/** True counts as 1. */
function numberOf({ type, own }: { type: string; own: unknown }): number | null {
  return ['IntegerValue', 'FloatValue', 'BooleanValue'].includes(type) ? Number(own) : null;
}
