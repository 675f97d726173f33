/** The tiny BERT without its classifier, its files changed as those of other programs are. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { fixtures } from './fixtures.ts';

export const tinyBert = join(fixtures, 'classifiers/tiny-bert/model');

/**
 * Writes it into `folder`.
 * @param named the names of its tensors, null for one that is left out
 * @param more names of tensors beside them
 */
export async function writeBareBert(
  folder: string,
  named: (name: string) => string | null,
  more: readonly string[] = [],
): Promise<void> {
  const config = readFileSync(join(tinyBert, 'config.json'), 'utf8');
  const changed = config.replace('BertForSequenceClassification', 'BertForPreTraining');
  writeFileSync(join(folder, 'config.json'), changed);
  copyFileSync(join(tinyBert, 'tokenizer.json'), join(folder, 'tokenizer.json'));
  const file = openSafetensors(join(tinyBert, 'model.safetensors'));
  const kept = [...file.tensors].filter(([name]) => !name.startsWith('classifier.'));
  const tensors = kept.flatMap(([name, { shape }]) => {
    const other = named(name);
    return other === null ? [] : [{ name: other, shape, values: () => file.read(name) }];
  });
  const extra = more.map((name) => ({ name, shape: [2], values: () => new Float32Array(2) }));
  await writeSafetensors(join(folder, 'model.safetensors'), [...tensors, ...extra], 'float32');
  file.close();
}
