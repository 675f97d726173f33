/** `evaluate.table`: how well adapters of one domain do in others, every one of them on every data file. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { evaluateCells } from './evaluate-cells.ts';
import { tellAll, withBase, type OpenBase } from './open-model.ts';
import { ownOf } from './own-data.ts';
import { tableRows } from './table-rows.ts';

/** Every adapter has to fit the model, and all have to be for one task and for the same classes. */
export function evaluateTable(
  request: EngineRequest<'evaluate.table'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate.table'>> {
  return withBase(request, context, async (base) => {
    tellAll(context, tellBases(base));
    const { data } = request;
    const rows = tableRows(base, request, context);
    const reports = await evaluateCells(
      rows.flatMap(({ model }) => data.map((file) => ({ model, file }))),
      request,
      context,
    );
    const cells = rows.map(({ adapter }, row) =>
      reports.slice(row * data.length, (row + 1) * data.length).map((report, column) => ({
        own: ownOf(adapter?.path ?? null, data[column]?.path),
        report,
      })),
    );
    const columns = data.map(({ path }) => path);
    return { rows: rows.map(({ adapter }) => adapter), columns, cells };
  });
}

/** Adapters of several models may all fit one, and answer badly on it. A model has many names, so that it is no error. */
function tellBases({ adapters, checkpoint }: OpenBase): string[] {
  const names = new Set(adapters.flatMap(({ baseModel }) => baseModel ?? []));
  if (names.size < 2) return [];
  return [
    `The adapters name different base models: ${listed([...names])}. All are used with ${checkpoint.path}.`,
  ];
}
