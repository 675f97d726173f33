/** Labels as the numbers that blocks carry: a class is its place among the names, anything else its place in a list kept here. */
import type { Label } from '../dataset/labelled-example.ts';
import { plainNames, type KnownLabels } from '../model/classifier.ts';
import { nameOf, numberIn } from './label-kinds.ts';

export class LabelNumbers {
  readonly labels: KnownLabels;
  private readonly places: ReadonlyMap<string, number>;
  /** Sets of classes as 0 and 1 for each class, or values; every one once. */
  private readonly targets: Float32Array[] = [];
  private readonly known = new Map<string, number>();

  constructor(labels: KnownLabels) {
    this.labels = labels;
    this.places = placesOf(labels.names);
  }

  /** The number of a label, or why it has none. */
  of(label: Label): number | { reason: string } {
    const { problem, names } = this.labels;
    if (problem === 'regression') {
      const value = typeof label === 'object' ? null : numberIn(label);
      if (value === null || !Number.isFinite(value)) return { reason: 'its label is no number' };
      return this.kept(Float32Array.of(value));
    }
    const classes = typeof label === 'object' ? label : [label];
    const unknown = classes.find((each) => !this.places.has(nameOf(each)));
    if (unknown !== undefined) {
      const reason = `its label "${unknown}" is none that is known: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
      return { reason };
    }
    const places = classes.map((each) => this.places.get(nameOf(each)) ?? 0);
    if (problem === 'single_label_classification') {
      return typeof label === 'object'
        ? { reason: 'its label is a list, and each example is of one class' }
        : (places[0] ?? 0);
    }
    const set = new Float32Array(names.length);
    for (const place of places) set[place] = 1;
    return this.kept(set);
  }

  /** What a number stands for, where it is no class: [names] of 0 and 1, or one value. */
  targetOf(number: number): Float32Array {
    return this.targets[number] ?? new Float32Array();
  }

  private kept(target: Float32Array): number {
    const key = target.join();
    const found = this.known.get(key) ?? this.targets.push(target) - 1;
    this.known.set(key, found);
    return found;
  }
}

/** Classes that nobody has named are known by their numbers, too. */
function placesOf(names: readonly string[]): Map<string, number> {
  const places = new Map(names.map((name, i) => [name, i]));
  const plain = plainNames(names.length);
  if (names.every((name, i) => name === plain[i])) {
    for (const i of names.keys()) places.set(String(i), i);
  }
  return places;
}
