/** A function that computes each answer once. */

/** `make`, whose answers are kept: the same argument (by identity) gives the same answer. */
export function once<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, { value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: make(key) };
    known.set(key, found);
    return found.value;
  };
}
