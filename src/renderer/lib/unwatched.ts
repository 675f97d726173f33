/** Collections that nothing drawn depends on: they may change while a component is drawn, which those of Svelte may not. */

export function unwatchedMap<K, V>(): Map<K, V> {
  return new Map();
}

export function unwatchedSet<T>(): Set<T> {
  return new Set();
}
