/** `merge`: base + adapter as one model on disk, with the proof that it answers as they did. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { ExportOrigin } from '../../../shared/contract/origin.ts';
import type { MergeReport } from '../../../shared/contract/merge-report.ts';
import {
  checkOutputFolder,
  checkRoom,
  withOutputFolder,
  type Placed,
} from '../export/output-folder.ts';
import { madeNow } from '../origin/made-now.ts';
import { writeOrigin } from '../origin/origin-file.ts';
import { withMergeBases } from './merge-bases.ts';
import { openBlend, type Blend } from './open-blend.ts';
import { mergedBytes, provenMerge } from './proven-merge.ts';
import { stoppable } from './stoppable.ts';

export async function merge(
  { model, adapter, output, dtype, otherBase = false, mergeBase }: EngineRequest<'merge'>,
  given: EngineContext,
): Promise<MergeReport> {
  const context = stoppable(given, 'The merge');
  await checkOutputFolder(output);
  return withMergeBases(model, [adapter], mergeBase ?? null, context, async (bases) => {
    const blend = await openBlend(bases, [{ path: adapter, weight: 1 }], otherBase, context);
    const write = async (folder: string): Promise<MergeReport> => {
      const report = { ...(await provenMerge(folder, blend, dtype, context)), output };
      await writeReport(folder, report);
      await writeOrigin(folder, mergeOriginOf(report, blend));
      return report;
    };
    const needed = mergedBytes(bases.into, dtype);
    await checkRoom(output, needed);
    return whereItIs(await withOutputFolder(output, write, needed), context);
  });
}

function mergeOriginOf(report: MergeReport, { lineage }: Blend): ExportOrigin {
  const { passed, bytes, dtype, meanKl, changedArgmax, roundingLoss } = report;
  const proof = { passed, bytes, figures: { meanKl, changedArgmax, roundingLoss } };
  const { base, ...made } = lineage;
  return { kind: 'export', ...madeNow(base), ...made, to: 'huggingface', type: dtype, proof };
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
