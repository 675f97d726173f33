/** `merge`: base + adapter as one model on disk, with the proof that it answers as they did. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { MergeReport } from '../../../shared/contract/records.ts';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkAdapterFits, readAdapter } from '../checkpoint/peft-adapter.ts';
import { writeMergedModel } from '../export/merge-model.ts';
import { checkOutputFolder, withOutputFolder } from '../export/output-folder.ts';
import { proofPrompts } from '../export/proof-prompts.ts';
import { compareModels, proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import { bankOf, type Bank } from '../lora/adapter-bank.ts';
import { fusionOfDevice } from '../runtime/device.ts';
import { lossCapacity } from '../score/loss.ts';
import { Scorer } from '../score/scorer.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { breathe } from './open-model.ts';
import { trainingRecordName } from './train.ts';

export async function merge(
  { model, adapter: adapterPath, output, dtype }: EngineRequest<'merge'>,
  context: EngineContext,
): Promise<MergeReport> {
  await checkOutputFolder(output);
  const adapter = readAdapter(adapterPath);
  const checkpoint = await openCheckpoint(model);
  try {
    checkAdapterFits(adapter, checkpoint.config, adapterPath);
    if ([...adapter.modules.values()].every(({ b }) => b.every((value) => value === 0))) {
      const text =
        'The adapter changes nothing yet: B is 0 in every module. The merged model equals the base.';
      context.emit({ kind: 'notice', text });
    }
    return await withOutputFolder(output, async (folder) => {
      const written = await writeMergedModel(folder, checkpoint, adapter, dtype, (done, total) => {
        context.emit({ kind: 'progress', phase: 'Merging and writing', done, total });
      });
      await breathe(context.signal, 'The merge');
      const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config);
      const prompts = await proofPrompts(adapterPath, trainingRecordName, tokenizer);
      const bank = bankOf([adapter], checkpoint.config);
      const proof = await prove(folder, checkpoint, bank, prompts, tokenizer, context);
      const checks = proofChecks(proof.comparison, proofLimits[dtype], proof.equal);
      const report: MergeReport = {
        passed: checks.every((check) => check.passed),
        dtype,
        output,
        ...proof.comparison,
        roundingLoss: written.roundingLoss,
        checks,
        failures: proofFailures(checks),
        mergedModules: written.mergedModules,
        bytes: written.bytes,
      };
      await writeFile(join(folder, 'merge-report.json'), `${JSON.stringify(report, null, 2)}\n`);
      return report;
    });
  } finally {
    checkpoint.close();
  }
}

/** Scores the prompts with base + adapter, then with the files as they were written, both in float32. */
async function prove(
  folder: string,
  base: Checkpoint,
  bank: Bank,
  prompts: readonly (readonly number[])[],
  tokenizer: Tokenizer,
  context: EngineContext,
) {
  const length = Math.max(...prompts.map((prompt) => prompt.length));
  const total = 2 * prompts.length;
  const step = async (done: number) => {
    context.emit({ kind: 'progress', phase: 'Proving the merge', done, total });
    await breathe(context.signal, 'The merge');
  };
  const before: Float32Array[] = [];
  const adapted = scorer(base, bank, length);
  try {
    for (const prompt of prompts) {
      before.push(adapted.logits(prompt).slice());
      await step(before.length);
    }
  } finally {
    adapted.dispose();
  }

  const written = await openCheckpoint(folder);
  try {
    const merged = scorer(written, bankOf([], written.config), length);
    try {
      const { vocabSize } = base.config;
      const comparison = await compareModels(
        prompts,
        vocabSize,
        before,
        (tokens) => merged.logits(tokens),
        (done) => step(prompts.length + done),
      );
      return { comparison, equal: sameTexts(base, written, tokenizer, prompts) };
    } finally {
      merged.dispose();
    }
  } finally {
    written.close();
  }
}

function scorer(checkpoint: Checkpoint, bank: Bank, length: number): Scorer {
  return new Scorer(
    {
      config: checkpoint.config,
      layout: bank.layout,
      shape: { rows: 1, length },
      capacity: lossCapacity(1),
      computeType: 'float32',
      fusion: fusionOfDevice() === 'layers' ? 'layers' : 'none',
    },
    checkpoint,
    { parameters: bank.parameters, gates: [1] },
  );
}

/** The written tokenizer has to give the same tokens for the same texts, and the template has to be the same. */
function sameTexts(
  base: Checkpoint,
  written: Checkpoint,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
): { tokenizer: boolean; chatTemplate: boolean } {
  const again = createTokenizer(written.tokenizer, written.config);
  const sameTokens = prompts.every((prompt) => {
    const text = tokenizer.decode(prompt);
    return isDeepStrictEqual(again.encode(text), tokenizer.encode(text));
  });
  return {
    tokenizer:
      sameTokens &&
      isDeepStrictEqual(written.tokenizer.tokenizerJson, base.tokenizer.tokenizerJson),
    chatTemplate: written.tokenizer.chatTemplate === base.tokenizer.chatTemplate,
  };
}
