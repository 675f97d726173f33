/** What the form holds back for validation, as far as it is filled in: what is missing holds nothing back. */
import type { CommandRequest } from '../../shared/contract/commands.ts';
import type { Draft } from './draft.ts';

type HeldBack = CommandRequest<'datasets.inspect'>['held'];

export function heldBack({
  validationKind: kind,
  validationFile: path,
  validationPercent: percent,
  seed,
}: Pick<Draft, 'validationKind' | 'validationFile' | 'validationPercent' | 'seed'>): HeldBack {
  const held = (validation: HeldBack['validation']): HeldBack => ({ validation, seed: seed ?? 0 });
  if (kind === 'file' && path !== null) return held({ kind, path });
  if (kind === 'split' && percent !== null && percent > 0 && percent < 100)
    return held({ kind, fraction: percent / 100 });
  return held({ kind: 'none' });
}
