/** One usable line of a data file for classification: a text, or two, and what it is to be told as. */

/** A class in words or as a number, several of them, or a value. */
export type Label = string | number | readonly (string | number)[];

export type LabelledExample = {
  /** Where it stands in its file; lines count from 1. */
  line: number;
  texts: readonly [string] | readonly [string, string];
  label: Label;
};
