/** Rows of q, k and v that lie one block after the other, brought together head by head. */

/** In place: [3, H, …] → [H, 3, …], where … is all that is left of `values`. */
export function groupByHead(values: Float32Array, heads: number): void {
  const size = values.length / 3 / heads;
  const before = values.slice();
  for (let head = 0; head < heads; head++) {
    for (let part = 0; part < 3; part++) {
      const from = (part * heads + head) * size;
      values.set(before.subarray(from, from + size), (head * 3 + part) * size);
    }
  }
}
