/** `export`: base and adapters, or the adapters alone, in the form that another program takes. */
import { stat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { ExportReport } from '../../../shared/contract/exports.ts';
import type { ExportOrigin } from '../../../shared/contract/origin.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { exportForms, type ExportFormName } from '../../../shared/export-forms.ts';
import { checkOutputFile, withOutputFile } from '../export/output-file.ts';
import { checkOutputFolder, checkRoom, withOutputFolder } from '../export/output-folder.ts';
import { madeNow } from '../origin/made-now.ts';
import { writeOrigin } from '../origin/origin-file.ts';
import { exportGgufAdapter } from './export-gguf-adapter.ts';
import { exportGguf } from './export-gguf.ts';
import { exportHuggingFace } from './export-huggingface.ts';
import { exportOllama } from './export-ollama.ts';
import { exportPeft } from './export-peft.ts';
import type { FormWriter } from './form-writer.ts';
import { withMergeBases } from './merge-bases.ts';
import { openBlend, type Blend } from './open-blend.ts';
import { stoppable } from './stoppable.ts';

const forms: Readonly<Record<ExportFormName, FormWriter>> = {
  peft: exportPeft,
  huggingface: exportHuggingFace,
  gguf: exportGguf,
  'gguf-adapter': exportGgufAdapter,
  ollama: exportOllama,
};

/** Errors: those of opening, of the form, and of output places; nothing is half-written. */
export async function exportModel(
  request: EngineRequest<'export'>,
  context: EngineContext,
): Promise<ExportReport> {
  const { to, output, otherBase = false, mergeBase = null, force = false } = request;
  const { place } = exportForms[to];
  const type = chosenType(to, request.type);
  if (mergeBase !== null) checkMerges(request, mergeBase);
  await (place === 'file' ? checkOutputFile(output) : checkOutputFolder(output));
  const notices: string[] = [];
  const { emit, signal } = stoppable(context, 'The export');
  const told: EngineContext = {
    signal,
    emit(event) {
      if (event.kind === 'notice') notices.push(event.text);
      emit(event);
    },
  };
  const paths = request.adapters.map(({ path }) => path);
  return withMergeBases(request.model, paths, mergeBase, told, async (bases) => {
    const blend = await openBlend(bases, request.adapters, otherBase, told);
    const { needed, write } = forms[to](blend, type, told, force);
    await checkRoom(output, needed);
    const into = place === 'file' ? withOutputFile : withOutputFolder;
    const placed = await into(
      output,
      async (temporary) => {
        const written = await write(temporary);
        const files = await filesAt(temporary);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        const form = { to, type: exportForms[to].types.length === 0 ? null : type };
        const report = { ...form, bytes, files, ...written };
        await writeOrigin(temporary, exportOriginOf(report, blend));
        return report;
      },
      needed,
    );
    if (placed.moved !== null) {
      const text = `What was written is in ${placed.path}, since ${output} could not take it: ${placed.moved.what}`;
      told.emit({ kind: 'notice', text });
    }
    return { ...placed.result, output: placed.path, notices };
  });
}

/** Errors: export/nothing-merged. */
function checkMerges(
  { to, adapters }: Pick<EngineRequest<'export'>, 'to' | 'adapters'>,
  mergeBase: string,
): void {
  const { label, merges } = exportForms[to];
  if (merges && adapters.length > 0) return;
  const what = merges ? 'no adapter was given' : `a ${label} is written by itself`;
  throw lorikeetError('export/nothing-merged', { what, mergeBase });
}

/** Where there is no choice of types, numbers are float32. */
function exportOriginOf(
  report: Omit<ExportReport, 'output' | 'notices'>,
  { lineage }: Blend,
): ExportOrigin {
  const { to, type, passed, bytes, answers, tensors, roundingLoss } = report;
  const figures = {
    meanKl: answers?.meanKl ?? null,
    changedArgmax: answers?.changedArgmax ?? null,
    changeShare: tensors?.change?.share ?? null,
    roundingLoss,
  };
  return {
    kind: 'export',
    ...madeNow(lineage.base),
    ...{ to, type: type ?? 'float32', parts: lineage.parts, mergedInto: lineage.mergedInto },
    proof: { passed, bytes, figures },
  };
}

/** The usual one where none is named. Errors: export/unknown-type. */
function chosenType(to: ExportFormName, type: string | null): string {
  const known: readonly string[] = exportForms[to].types;
  const [usual = ''] = known;
  if (type === null || known.includes(type)) return type ?? usual;
  throw lorikeetError('export/unknown-type', { to: exportForms[to].label, type, known });
}

async function filesAt(path: string): Promise<ExportReport['files']> {
  if ((await stat(path)).isFile()) return [await fileAt(path)];
  const names = (await readdir(path)).sort();
  return Promise.all(names.map((name) => fileAt(join(path, name))));
}

async function fileAt(path: string): Promise<ExportReport['files'][number]> {
  return { name: basename(path), bytes: (await stat(path)).size };
}
