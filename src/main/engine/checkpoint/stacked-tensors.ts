/** Tensors of files that hold several matrices of the model one below the other, such as those of all experts. */
import type { StackedNames } from '../model/architecture.ts';

/** One of the matrices: its name in the model, its shape, and where its bytes lie in the tensor. */
export type StackedPart = {
  name: string;
  shape: readonly number[];
  begin: number;
  bytes: number;
};

/** The parts of a tensor [slices, rows, columns], in their order; none of a tensor of another form. */
export function stackedParts(
  { shape, bytes }: { shape: readonly number[]; bytes: number },
  namesOf: StackedNames,
): StackedPart[] {
  const [slices = 0, rows = 0, ...columns] = shape;
  if (columns.length !== 1) return [];
  return Array.from({ length: slices }, (_, slice) => {
    const names = namesOf(slice);
    const size = bytes / slices / names.length;
    return names.map((name, i) => ({
      name,
      shape: [rows / names.length, ...columns],
      begin: (slice * names.length + i) * size,
      bytes: size,
    }));
  }).flat();
}
