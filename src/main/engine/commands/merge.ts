/** `merge`: base + adapter as one model on disk, with the proof that it answers as they did. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { ExportOrigin } from '../../../shared/contract/origin.ts';
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
import { knownLabels } from '../model/classifier.ts';
import { madeNow } from '../origin/made-now.ts';
import { writeOrigin } from '../origin/origin-file.ts';
import { proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { mannerOf } from './manner.ts';
import { openAdapter } from './open-adapter.ts';
import { openHead } from './open-head.ts';
import { lineageOf, type Lineage } from './lineage.ts';
import { breathe, tellAll } from './open-model.ts';
import { proveAnswers, proveClassifier } from './prove.ts';

export async function merge(
  { model, adapter: adapterPath, output, dtype, otherBase = false }: EngineRequest<'merge'>,
  context: EngineContext,
): Promise<MergeReport> {
  await checkOutputFolder(output);
  const checkpoint = await openCheckpoint(model);
  try {
    const sources = [{ path: adapterPath, weight: 1 }];
    const read = openAdapter(adapterPath, checkpoint, context);
    const lineage = await lineageOf(checkpoint, sources, otherBase, context);
    const head = openHead([read], [adapterPath], checkpoint);
    const labels = head && knownLabels(head.labels);
    const adapter = { ...(head?.adapters[0] ?? read), labels };
    if (
      head === null &&
      [...adapter.modules.values()].every(({ b }) => b.every((value) => value === 0))
    ) {
      const text =
        'The adapter changes nothing yet: B is 0 in every module. The merged model equals the base.';
      context.emit({ kind: 'notice', text });
    }
    const write = async (folder: string): Promise<MergeReport> => {
      const written = await writeMergedModel(folder, checkpoint, adapter, dtype, (done, total) => {
        context.emit({ kind: 'progress', phase: 'Merging and writing', done, total });
      });
      await breathe(context.signal, 'The merge');
      const manner = mannerOf({ adapters: sources }, context);
      const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, manner);
      tellAll(context, tellThinking(manner));
      tellAll(context, [...checkpoint.architecture.notices, ...tokenizer.notices]);
      const proof = await (labels
        ? proveClassifier(
            folder,
            checkpoint,
            { adapter, path: adapterPath, labels },
            tokenizer,
            context,
          )
        : proveAnswers(folder, checkpoint, { adapter, path: adapterPath }, tokenizer, context));
      const checks = proofChecks(proof.comparison, proofLimits[dtype], proof.equal);
      const account = accountForFiles(folder, checkpoint, adapter, dtype);
      const failures = [
        ...proofFailures(checks, dtype, checkpoint.architecture),
        ...account.failures,
      ];
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
      await writeOrigin(folder, exportOriginOf(report, lineage));
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

function exportOriginOf(report: MergeReport, { base, parts }: Lineage): ExportOrigin {
  const { passed, bytes, dtype, meanKl, changedArgmax, roundingLoss } = report;
  const proof = { passed, bytes, figures: { meanKl, changedArgmax, roundingLoss } };
  return { kind: 'export', ...madeNow(base), to: 'huggingface', type: dtype, parts, proof };
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
