/** What can be wrong with the settings of an adapter that is to be trained. */
import { verbOf } from '../how-many.ts';
import { sayLayers } from '../say-targets.ts';
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

/** The ranks that a module can have, with the usual ones where it can have all of them. */
function ranksTo(most: number): string {
  if (most === 1) return 'rank 1';
  return `a whole number from 1 to ${most}${most >= 16 ? ' (4 to 16 is usual)' : ''}`;
}

function saidPlace({ module, layers }: { module: string; layers: number[] }): string {
  if (layers.length === 0) return `${module} is in no layer`;
  return `${module} is in ${sayLayers(layers)} only`;
}

export const loraErrors = {
  'lora/unknown-modules': (d: { unknown: string[]; known: string[] }) => ({
    what: `The model has no linear module called ${listed(d.unknown)}.`,
    where: 'target modules',
    next: `Choose among ${d.known.join(', ')}, or all-linear.`,
  }),
  'lora/layers-out-of-range': (d: { outside: number[]; layerCount: number }) => ({
    what: `The model has the layers 0 to ${d.layerCount - 1}, but ${sayLayers(d.outside)} ${verbOf(d.outside.length, 'was', 'were')} chosen.`,
    where: 'layers',
    next: `Choose layers between 0 and ${d.layerCount - 1}.`,
  }),
  'lora/not-in-layers': (d: { modules: { module: string; layers: number[] }[] }) => ({
    what: `None of the target modules is in the layers that were chosen: ${listed(d.modules.map(saidPlace))}.`,
    where: 'layers',
    next: 'Choose layers that have one of the modules, or other modules. Those of a head are in no layer: choose all layers with them.',
  }),
  'lora/bad-rank': (d: { rank: number; most: number; module: string }) => ({
    what: `Rank ${d.rank} cannot be used: the smaller side of ${d.module} has ${d.most}.`,
    where: 'rank',
    next: `Choose ${ranksTo(d.most)}, or give ${d.module} a rank of its own in the rank pattern.`,
  }),
  'lora/idle-patterns': (d: { kind: 'rank' | 'alpha'; idle: string[] }) => ({
    what: `No adapted module takes its ${d.kind} from the pattern ${listed(d.idle)}: it fits none of them, or an earlier pattern fits first.`,
    where: `${d.kind} pattern`,
    next: 'Correct it or take it out. A pattern is a regular expression for the end of a path such as model.layers.3.self_attn.q_proj, and the first one that fits counts.',
  }),
  /** `form`: how the base is held, in words. */
  'lora/nothing-quantised': (d: { path: string; form: string }) => ({
    what: `LoftQ starts from what quantising takes from the weights, and this base is not quantised while it is loaded: it is held as ${d.form}.`,
    where: d.path,
    next: 'Train on a base of 16 or 32 bits that is held as nf4 or int8, or choose another initialisation.',
  }),
  'merge/not-finite': (d: { tensor: string }) => ({
    what: 'The merged matrix has values that are not finite; nothing was written.',
    where: d.tensor,
    next: 'The adapter is damaged, or its training diverged: train it again with a lower learning rate.',
  }),
} satisfies Catalogue;
