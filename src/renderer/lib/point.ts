/** A point of a curve. */
export type Point = { x: number; y: number };
