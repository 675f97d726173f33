/** Operators of chat templates as Python has them: JavaScript holds '' for 0, and no list for equal to another. */
import { entriesOf, partsOf, pythonText } from './python-text.ts';
import { listOf } from './template-library.ts';
import type { TemplateValues } from './template-values.ts';

type Parts = ReturnType<typeof partsOf>;
type Operator = (left: unknown, right: unknown) => object;

/** By the sign; those that are not here are the library's. Values are the library's. */
export function pythonOperators(values: TemplateValues): ReadonlyMap<unknown, Operator> {
  return new Map<unknown, Operator>([
    ['~', (left, right) => values.text(pythonText(left) + pythonText(right))],
    ['==', (left, right) => values.truth(isEqual(left, right))],
    ['!=', (left, right) => values.truth(!isEqual(left, right))],
    ['in', (left, right) => values.truth(isIn(left, right))],
    ['not in', (left, right) => values.truth(!isIn(left, right))],
    ['+', (left, right) => sum(left, right, values)],
    ['%', (left, right) => remainder(left, right, values)],
  ]);
}

/** `left == right` */
function isEqual(left: unknown, right: unknown): boolean {
  const [a, b] = [partsOf(left), partsOf(right)];
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x === y;
  if (left === right) return true;
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
      return false;
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
      return a.type === 'StringValue' && b.own instanceof Map && b.own.has(a.own);
    case 'StringValue':
      if (a.type === 'StringValue') return String(b.own).includes(String(a.own));
  }
  throw new Error(`it asks whether ${saidKind(a)} is in ${saidKind(b)}`);
}

/** `left + right`: of numbers, of texts, or of lists. */
function sum(left: unknown, right: unknown, values: TemplateValues): object {
  const [a, b] = [partsOf(left), partsOf(right)];
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return numberLike(x + y, a, b, values);
  if (a.type === b.type) {
    if (a.type === 'StringValue') return values.text(String(a.own) + String(b.own));
    if (Array.isArray(a.own)) return values.list([...listOf(a.own), ...listOf(b.own)]);
  }
  const [text, other] = a.type === 'StringValue' ? [a, b] : [b, a];
  throw new Error(
    text.type === 'StringValue'
      ? `it joins ${saidKind(other)} to a text`
      : `it adds ${saidKind(b)} to ${saidKind(a)}`,
  );
}

/** `left % right`, which has the sign of `right`. */
function remainder(left: unknown, right: unknown, values: TemplateValues): object {
  const [a, b] = [partsOf(left), partsOf(right)];
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null)
    throw new Error(`it has "%" between ${saidKind(a)} and ${saidKind(b)}`);
  if (y === 0) throw new Error('it divides by zero');
  return numberLike(x - y * Math.floor(x / y), a, b, values);
}

/** A fraction where one of the two is one. */
function numberLike(result: number, a: Parts, b: Parts, values: TemplateValues): object {
  return [a.type, b.type].includes('FloatValue') ? values.float(result) : values.integer(result);
}

const kinds: ReadonlyMap<string, string> = new Map([
  ...(['IntegerValue', 'FloatValue'] as const).map((type) => [type, 'a number'] as const),
  ...(['ArrayValue', 'TupleValue'] as const).map((type) => [type, 'a list'] as const),
  ['StringValue', 'a text'],
  ['BooleanValue', 'true or false'],
  ['NullValue', 'null'],
  ['UndefinedValue', 'something that is not there'],
]);

/** In words of a person. */
function saidKind({ type }: Parts): string {
  return kinds.get(type) ?? 'an object';
}

/** True counts as 1. */
function numberOf({ type, own }: Parts): number | null {
  return ['IntegerValue', 'FloatValue', 'BooleanValue'].includes(type) ? Number(own) : null;
}
