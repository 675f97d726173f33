/** The parts of the template library that its own declarations do not resolve under Node's module rules. */

export type Made = object;
export type Method = (...args: readonly unknown[]) => unknown;

export function made(constructor: unknown, args: readonly unknown[]): Made {
  if (typeof constructor !== 'function')
    throw new Error('the template library has another interface');
  const created: unknown = Reflect.construct(constructor, args);
  if (typeof created !== 'object' || created === null)
    throw new Error('the template library has another interface');
  return created;
}

/** Of a list; nothing of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function methodOf(of: object, name: string): Method {
  const method: unknown = Reflect.get(of, name);
  if (typeof method !== 'function') throw new Error(`the template library has no ${name}`);
  return (...args): unknown => Reflect.apply(method, of, args);
}
