/** The results of a run as a Markdown file. */
import { writeFile } from 'node:fs/promises';
import { format } from 'oxfmt';
import layout from '../../oxfmt.config.ts';
import { renderCase, renderTable, type CaseResult, type Table } from './result.ts';
import { defaults } from './settings.ts';

const introduction = `Lorikeet and PyTorch + PEFT on the same machine: the same weights (exported once to a Hugging Face directory in float32), the same tokens, the same LoRA (all linear modules, rank ${defaults.rank}, alpha ${2 * defaults.rank}) and the same AdamW, in two processes that take turns, A B A B … PEFT runs in its fastest configuration, found anew for every batch: bfloat16 or float32 base, with and without torch.autocast and gradient checkpointing, sdpa attention. Figures are min / median / max; ratios are ratios of medians. On a machine that is busy with other work they mean little: PyTorch's threads wait for each other by spinning and suffer most.`;

export const benchOpening = ['# Results of the last `npm run bench`', introduction];

/** The whole report under its opening; what went wrong stands in it, too. */
export function renderReport(
  opening: readonly string[],
  machine: readonly (readonly [string, string])[],
  results: readonly CaseResult[],
  failures: readonly string[],
): string {
  const ratios = results.flatMap((result) => result.ratios);
  const summary: Table = {
    header: ['what', 'found', 'goal'],
    rows: ratios.map(({ what, found, goal }) => [what, found, goal === 'none' ? '' : goal]),
  };
  return [
    ...opening,
    renderTable({ header: ['machine', ''], rows: machine }),
    ...results.map(renderCase),
    ...(failures.length > 0 ? ['## Failed', failures.map((each) => `- ${each}`).join('\n')] : []),
    ...(ratios.length > 0 ? ['## Ratios', renderTable(summary)] : []),
  ].join('\n\n');
}

/** Writes the report in the repository's layout, since `npm run check` looks at it. */
export async function writeReport(path: string, text: string): Promise<void> {
  const { code, errors } = await format(path, text, layout);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  await writeFile(path, code);
}
