/** Adapters of one base made into one: in which ways, what each way is told, and the figures that it gives. */
import { z } from 'zod';
import { keysOf } from '../settings/setting.ts';

/** What a composition can be told beside its adapters and their weights. */
export type CompositionOption = 'rank' | 'density' | 'seed';

/** What a person reads of a kind, and the options that it uses; any other is refused with it. */
type KindText = { label: string; help: string; options: readonly CompositionOption[] };

/** T = Σ wᵢ·ΔWᵢ, the weighted sum of the adapters' changes of a matrix. */
export const compositionKinds = {
  exact: {
    label: 'Exact sum',
    help: 'T itself: the adapters beside each other in one. Its rank is the sum of theirs.',
    options: [],
  },
  svd: {
    label: 'SVD',
    help: 'The matrix of the chosen rank that is nearest to T.',
    options: ['rank'],
  },
  ties: {
    label: 'TIES',
    help: 'Only the largest changes of each adapter; where their signs differ those of the sign that prevails; averaged.',
    options: ['rank', 'density'],
  },
  'dare-linear': {
    label: 'DARE',
    help: 'A random part of the changes of each adapter, made larger in turn, summed.',
    options: ['rank', 'density', 'seed'],
  },
  'dare-ties': {
    label: 'DARE with TIES',
    help: 'A random part of the changes of each adapter, made larger in turn; where their signs differ those of the sign that prevails; averaged.',
    options: ['rank', 'density', 'seed'],
  },
  magnitude: {
    label: 'Magnitude pruning',
    help: 'Only the largest changes of each adapter, summed.',
    options: ['rank', 'density'],
  },
} satisfies Record<string, KindText>;

export const compositionKind = z.enum(keysOf(compositionKinds));
export type CompositionKind = z.infer<typeof compositionKind>;

/** Where an option that a kind uses is not given. The rank is that of the adapters, in each module the largest. */
export const compositionDefaults = { density: 0.5, seed: 0 } as const;

export function usesOption(kind: CompositionKind, option: CompositionOption): boolean {
  const options: readonly CompositionOption[] = compositionKinds[kind].options;
  return options.includes(option);
}

/** Null for one that is not used, or left to `compositionDefaults`. */
export type CompositionOptions = { kind: CompositionKind } & Record<
  CompositionOption,
  number | null
>;

/** What became of one module. */
const composedModule = z.object({
  path: z.string(),
  rank: z.int(),
  /** ‖Δ′ − T‖ / ‖T‖ (Frobenius), Δ′ being what the written A and B give; 0 where T is 0. */
  relativeError: z.number(),
  /**
   * Of T, the greatest first: as many as the ranks of the adapters add up to, which is all that are not 0 unless one of the
   * adapters is DoRA.
   */
  singularValues: z.array(z.number()),
});

export const compositionReport = z.object({
  adapters: z.array(z.object({ path: z.string(), weight: z.number() })),
  kind: compositionKind,
  /** The largest of a module. */
  rank: z.int(),
  alpha: z.number(),
  /** Null where the kind does not use it. */
  density: z.number().nullable(),
  seed: z.number().nullable(),
  /** ‖Δ′ − T‖ / ‖T‖ over all modules together. */
  relativeError: z.number(),
  modules: z.array(composedModule),
  /** Where the adapter is; null where none was asked for. */
  output: z.string().nullable(),
  /** Of the new adapter's weights, written or not. */
  bytes: z.int(),
});
export type ComposedModule = z.infer<typeof composedModule>;
export type CompositionReport = z.infer<typeof compositionReport>;
