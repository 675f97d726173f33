/** How compared runs are told apart: by colours, and where these are used up by broken lines as well. */
export type RunLook = {
  /** A colour token. */
  colour: string;
  /** Lengths of strokes and gaps in pixels; none for a whole line. */
  dash: readonly number[];
};

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** Colours first. */
export const runLooks: readonly RunLook[] = dashes.flatMap((dash) =>
  Array.from({ length: 8 }, (_, index) => ({ colour: `--series-${index + 1}`, dash })),
);

/** That of the compared run at an index. */
export function lookOf(index: number): RunLook {
  return runLooks[index % runLooks.length] ?? { colour: '--series-1', dash: [] };
}
