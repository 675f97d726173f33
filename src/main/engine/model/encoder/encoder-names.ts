/** What files of encoders call their tensors: with the encoder's name before them or without, and in old files' words. */
import type { Architecture } from '../architecture.ts';
import type { EncoderTraits } from './traits.ts';

/** Why weights of a masked language model are left out. */
export const otherHead = 'belongs to the head of another task';

/** Numbers that follow from the config. */
const counted = /(?:^|\.)embeddings\.(?:position_ids|token_type_ids)$/;

export function encoderNames({
  bare,
  otherHeads,
  head,
}: Pick<EncoderTraits, 'bare' | 'otherHeads' | 'head'>): NonNullable<Architecture['inFiles']> {
  return (name) => {
    const known = name
      .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
    if (counted.test(known)) return { without: 'follows from config.json' };
    if (otherHeads.test(known)) return { without: otherHead };
    const isHead = head.modules.some((module) => known.startsWith(`${module}.`));
    return isHead || known.startsWith(`${bare}.`) ? known : `${bare}.${known}`;
  };
}
