/** Plain values as those of the template library, with what Python knows of them and JavaScript does not (written-as.ts). */
import { writtenAs } from '../written-as.ts';
import { made, methodOf, type Made } from './template-library.ts';

/** What the library makes of a value; its classes are reached through what it makes. */
export class TemplateValues {
  private readonly environment: object;
  private readonly classes: Readonly<
    Record<'text' | 'integer' | 'float' | 'list' | 'object', unknown>
  >;
  private readonly truths: Readonly<Record<'true' | 'false', Made>>;
  private count = 0;

  /** @param environment a new one, in which nothing else is looked up */
  constructor(environment: object) {
    this.environment = environment;
    const classOf = (value: unknown) => this.plain(value).constructor;
    this.classes = {
      ...{ text: classOf(''), integer: classOf(1), float: classOf(0.5) },
      ...{ list: classOf([]), object: classOf({}) },
    };
    this.truths = { true: this.plain(true), false: this.plain(false) };
  }

  text(value: string): Made {
    return made(this.classes.text, [value]);
  }

  truth(value: boolean): Made {
    return this.truths[value ? 'true' : 'false'];
  }

  /** Of what the library has made already. */
  list(items: readonly unknown[]): Made {
    return made(this.classes.list, [items]);
  }

  integer(value: number): Made {
    return made(this.classes.integer, [value]);
  }

  float(value: number): Made {
    return made(this.classes.float, [value]);
  }

  /** Lists and objects with all that is in them. */
  of(value: unknown): Made {
    if (typeof value !== 'object' || value === null) return this.plain(value);
    const { keys, floats } = writtenAs(value);
    const item = (key: string, each: unknown) =>
      floats.has(key) ? this.float(Number(each)) : this.of(each);
    if (Array.isArray(value)) return this.list(value.map((each, at) => item(String(at), each)));
    const found = new Map(Object.entries(value));
    const entries = (keys ?? [...found.keys()]).map((key): [string, Made] => [
      key,
      item(key, found.get(key)),
    ]);
    return made(this.classes.object, [new Map(entries)]);
  }

  private plain(value: unknown): Made {
    this.count += 1;
    const given = methodOf(this.environment, 'set')(String(this.count), value);
    if (typeof given !== 'object' || given === null)
      throw new Error('the template library has another interface');
    return given;
  }
}
