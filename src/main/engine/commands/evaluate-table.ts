/** `evaluate.table`: how well adapters of one domain do in others, every one of them on every data file. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { evaluateCells } from './evaluate-cells.ts';
import { withBase } from './open-model.ts';
import { ownOf } from './own-data.ts';
import { tableRows } from './table-rows.ts';

/** Every adapter has to fit the model, and all have to be for one task and for the same classes. */
export function evaluateTable(
  request: EngineRequest<'evaluate.table'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate.table'>> {
  return withBase(request, context, async (base) => {
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
