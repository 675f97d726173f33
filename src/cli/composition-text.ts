/** A composed adapter as text: how far it is from the weighted sum, and the modules that are farthest. */
import {
  compositionKinds,
  type ComposedModule,
  type CompositionReport,
} from '../shared/contract/composition.ts';
import { formatBytes, formatFigure } from './format.ts';
import { renderTable } from './table.ts';

/** So many modules are told by name. */
const shown = 8;

export function describeComposition(report: CompositionReport): string {
  const { kind, rank, density, seed, modules, output, bytes } = report;
  const parts = report.adapters.map(({ path, weight }) => `  ${weight} × ${path}`);
  const options = [
    `rank ${rank}`,
    density === null ? [] : `density ${density}`,
    seed === null ? [] : `seed ${seed}`,
  ].flat();
  return [
    `${compositionKinds[kind].label} (${options.join(', ')}) of`,
    ...parts,
    `Relative error to their sum: ${formatFigure(report.relativeError)} over ${modules.length} modules`,
    ...(report.relativeError > 0 ? [worstModules(modules)] : []),
    output === null
      ? `Nothing was written; --output writes the adapter (${formatBytes(bytes)}).`
      : `${output} (${formatBytes(bytes)})`,
  ].join('\n');
}

function worstModules(modules: readonly ComposedModule[]): string {
  const worst = [...modules].sort((one, other) => other.relativeError - one.relativeError);
  const rows = worst.slice(0, shown).map(({ path, rank, relativeError, singularValues }) => {
    return [path, String(rank), formatFigure(relativeError), spectrum(singularValues, rank)];
  });
  const title = modules.length > shown ? `the ${shown} farthest modules` : 'module';
  return renderTable([title, 'rank', 'relative error', 'singular values of the sum'], rows);
}

/** The first, the last that the rank takes, and the one after it: '0.41 … 0.02 | 0.013'. */
function spectrum(values: readonly number[], rank: number): string {
  const [first, last, next] = [values[0], values[rank - 1], values[rank]];
  const taken = [first, rank > 1 ? last : undefined].filter((value) => value !== undefined);
  const said = taken.map(formatFigure).join(' … ');
  return next === undefined ? said : `${said} | ${formatFigure(next)}`;
}
