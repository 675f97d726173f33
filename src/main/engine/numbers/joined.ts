/** Arrays one behind the other. */

export function joinedFloats(parts: readonly Float32Array[]): Float32Array {
  return joined(parts, (length) => new Float32Array(length));
}

export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  return joined(parts, (length) => new Uint8Array(length));
}

/** The only part itself, where there is one. */
function joined<T extends Float32Array | Uint8Array>(
  parts: readonly T[],
  empty: (length: number) => T,
): T {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = empty(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
