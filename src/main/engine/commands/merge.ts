/** `merge`: base + adapter as one model on disk, with the proof that it answers as they did. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { MergeDtype, MergeReport } from '../../../shared/contract/records.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { tensorBytes } from '../checkpoint/safetensors-writer.ts';
import { accountForFiles } from '../export/account-files.ts';
import { writeMergedModel } from '../export/merge-model.ts';
import {
  checkOutputFolder,
  checkRoom,
  withOutputFolder,
  type Placed,
} from '../export/output-folder.ts';
import { proofPrompts } from '../export/proof-prompts.ts';
import { compareModels, proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import { bankOf, type Bank } from '../lora/adapter-bank.ts';
import { fusionOfDevice } from '../policy.ts';
import { causalLm } from '../task/causal-lm.ts';
import { Scorer } from '../score/scorer.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { mannerOf } from './manner.ts';
import { openAdapter } from './open-adapter.ts';
import { breathe, tellAll } from './open-model.ts';

export async function merge(
  { model, adapter: adapterPath, output, dtype }: EngineRequest<'merge'>,
  context: EngineContext,
): Promise<MergeReport> {
  await checkOutputFolder(output);
  const checkpoint = await openCheckpoint(model);
  try {
    const adapter = openAdapter(adapterPath, checkpoint, context);
    if ([...adapter.modules.values()].every(({ b }) => b.every((value) => value === 0))) {
      const text =
        'The adapter changes nothing yet: B is 0 in every module. The merged model equals the base.';
      context.emit({ kind: 'notice', text });
    }
    const write = async (folder: string): Promise<MergeReport> => {
      const written = await writeMergedModel(folder, checkpoint, adapter, dtype, (done, total) => {
        context.emit({ kind: 'progress', phase: 'Merging and writing', done, total });
      });
      await breathe(context.signal, 'The merge');
      const manner = mannerOf({ adapters: [{ path: adapterPath, weight: 1 }] }, context);
      const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, manner);
      tellAll(context, tellThinking(manner));
      tellAll(context, [...checkpoint.architecture.notices, ...tokenizer.notices]);
      const prompts = await proofPrompts(adapterPath, tokenizer, context);
      const bank = bankOf([adapter], checkpoint.architecture);
      const proof = await prove(folder, checkpoint, bank, prompts, tokenizer, context);
      const checks = proofChecks(proof.comparison, proofLimits[dtype], proof.equal);
      const account = accountForFiles(folder, checkpoint, adapter, dtype);
      const failures = [...proofFailures(checks), ...account.failures];
      const report: MergeReport = {
        passed: failures.length === 0,
        dtype,
        output,
        ...proof.comparison,
        roundingLoss: written.roundingLoss,
        checks,
        failures,
        mergedModules: written.mergedModules,
        bytes: written.bytes,
        files: account.files,
      };
      await writeReport(folder, report);
      return report;
    };
    const needed = neededBytes(checkpoint, dtype);
    await checkRoom(output, needed);
    return await whereItIs(await withOutputFolder(output, write, needed), context);
  } finally {
    checkpoint.close();
  }
}

/** Other programs ask in their own manner. */
function tellThinking({ thinking }: ChatManner): string[] {
  if (thinking === 'auto') return [];
  return [
    `The adapter learnt with thinking ${thinking}: ask the merged model with enable_thinking=${String(thinking === 'on')}, too.`,
  ];
}

/** Of the weights and the tokenizer, which are nearly all that is written. */
function neededBytes({ tensors, tokenizer }: Checkpoint, dtype: MergeDtype): number {
  const shapes = [...tensors.values()].map(({ shape }) => tensorBytes(shape, dtype));
  return shapes.reduce((sum, bytes) => sum + bytes, tokenizer.tokenizerFile?.length ?? 0);
}

function writeReport(folder: string, report: MergeReport): Promise<void> {
  return writeFile(join(folder, 'merge-report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** The report with the folder that the model is in, which is another one if that of the request was filled meanwhile. */
async function whereItIs(
  { path, result, moved }: Placed<MergeReport>,
  { emit }: EngineContext,
): Promise<MergeReport> {
  if (moved === null) return result;
  const report = { ...result, output: path };
  await writeReport(path, report);
  const text = `The model is in ${path}, since ${result.output} could not take it: ${moved.what}`;
  emit({ kind: 'notice', text });
  return report;
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
    const merged = scorer(written, bankOf([], written.architecture), length);
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
      architecture: checkpoint.architecture,
      task: causalLm,
      layout: bank.layout,
      shape: { rows: 1, length },
      capacity: causalLm.capacityFor(1),
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
