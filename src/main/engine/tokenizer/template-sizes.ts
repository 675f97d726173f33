/** How large the values are that a chat template makes, counted so that each step is judged before or right after it is made. */
import { isObject } from '../../../shared/is-object.ts';
import { listOf } from './template-library.ts';

/** Beyond what it is given, a template writes a few pages around it, goes through it a few times, and makes short lists. */
const bounds = { text: 1 << 20, made: 1 << 24, items: 100_000, looped: 1 << 13, repeats: 32 };

const tooManyItems = 'its loops and lists go over more items than any template needs';

/** Filters and methods whose result may be many times as long as what they are given. */
const multiplying: ReadonlySet<unknown> = new Set([
  'indent',
  'join',
  'replace',
  'string',
  'tojson',
]);

/** About how many characters there are in plain values. */
export function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + key.length + charactersIn(each),
    0,
  );
}

/** Sizes are in characters, and for lists with what is in them. */
export class TemplateSizes {
  private readonly mostText: number;
  private left: number;
  /** Items that calls may still make and loops go through: the library takes some 500 bytes for each. */
  private itemsLeft: number;
  /** What loops go through. */
  private readonly heads = new WeakSet();
  /** By the nodes of the template: arguments of the call that has the node for its callee, and sizes that were found last. */
  private readonly argumentsOf = new WeakMap<object, object>();
  private readonly largestOf = new WeakMap<object, number>();
  private readonly sizeOf = new WeakMap<object, number>();

  constructor(characters: number) {
    this.mostText = bounds.text + bounds.repeats * characters;
    this.left = bounds.made + 8 * bounds.repeats * characters;
    this.itemsLeft = bounds.looped + 16 * characters;
  }

  /** A list of so many new items that is about to be made. */
  checkRange(length: number): void {
    this.checkItems(length);
    if (length > this.itemsLeft) throw new Error(tooManyItems);
  }

  /** A loop that is about to begin. */
  enterLoop(node: unknown): void {
    const over = isObject(node) ? node['iterable'] : null;
    const list = isObject(over) && over['type'] === 'SelectExpression' ? over['lhs'] : over;
    if (isAny(list)) this.heads.add(list);
  }

  checkItems(length: number): void {
    if (!(length <= bounds.items)) throw new Error(`it makes a list of ${length} items`);
  }

  /** A call that is about to be evaluated. */
  callOf(node: object): void {
    const callee: unknown = Reflect.get(node, 'callee');
    const args: unknown = Reflect.get(node, 'args');
    if (isAny(callee) && isAny(args)) this.argumentsOf.set(callee, args);
  }

  /** The size of what a filter is applied to, where its result may be many times as long. */
  operandOf(operand: unknown, filter: unknown): number | null {
    if (!multiplying.has(nameOf(filter))) return null;
    const size = this.weigh(operand);
    this.checkText(size);
    return size;
  }

  /** The arguments of a filter or a call. */
  evaluated(nodes: unknown, result: unknown, operand: number | null): void {
    const values = listOf(result).flatMap((each) => [...itemsOf(each)]);
    const largest = values.reduce<number>((most, each) => Math.max(most, this.factor(each)), 1);
    if (isAny(nodes)) this.largestOf.set(nodes, largest);
    if (operand !== null) this.checkText(operand * largest);
  }

  /** What a node has given. */
  made(node: object, value: unknown): void {
    const own = valueOf(value);
    if (Array.isArray(own)) {
      this.checkItems(own.length);
      this.count(node, own.length);
    }
    if (typeof own === 'string') {
      this.checkText(own.length);
      this.sizeOf.set(node, own.length);
      if (isMaking(node)) this.left -= own.length;
      if (this.left < 0) throw new Error('it makes more text than any template needs');
    }
    this.checkMethod(node);
  }

  private count(node: object, items: number): void {
    if (Reflect.get(node, 'type') !== 'CallExpression' && !this.heads.has(node)) return;
    this.itemsLeft -= items;
    if (this.itemsLeft < 0) throw new Error(tooManyItems);
  }

  /** A method that is about to be called, whose arguments are known already. */
  private checkMethod(node: object): void {
    const args = this.argumentsOf.get(node);
    const object: unknown = Reflect.get(node, 'object');
    const property: unknown = Reflect.get(node, 'property');
    if (args === undefined || !isAny(object) || !multiplying.has(nameOf(property))) return;
    const size = this.sizeOf.get(object) ?? 1;
    this.checkText((size + 1) * (this.largestOf.get(args) ?? 1));
  }

  private checkText(characters: number): void {
    if (!(characters <= this.mostText))
      throw new Error(`it makes a text of over ${this.mostText} characters`);
  }

  /** By how much an argument may multiply: as a text that is put in, or a number of spaces. */
  private factor(value: unknown): number {
    const own = valueOf(value);
    if (typeof own === 'string') return own.length;
    return typeof own === 'number' ? Math.min(Math.abs(own), this.mostText + 1) : 1;
  }

  private weigh(value: unknown, most = this.mostText): number {
    const own = valueOf(value);
    if (typeof own === 'string') return own.length + 1;
    let sum = 8;
    for (const each of itemsOf(own)) {
      sum += this.weigh(each, most - sum);
      if (sum > most) return sum;
    }
    return sum;
  }
}

function isAny(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Of a list, or of the library's maps. */
function itemsOf(value: unknown): Iterable<unknown> {
  return value instanceof Map ? value.values() : listOf(value);
}

/** What is inside of one of the library's values. */
function valueOf(value: unknown): unknown {
  return isObject(value) ? value['value'] : value;
}

/** Whether a node gives text that was not there before. */
function isMaking(node: object): boolean {
  const type: unknown = Reflect.get(node, 'type');
  return type === 'FilterExpression' || type === 'CallExpression' || type === 'MemberExpression';
}

/** Of a filter or a property: `join`, and `join(", ")`. */
function nameOf(node: unknown): unknown {
  if (!isObject(node)) return null;
  return node['type'] === 'CallExpression' ? nameOf(node['callee']) : node['value'];
}
