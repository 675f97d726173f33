/** Exports made by the engine's command, in a folder that is gone afterwards. */
import { join } from 'node:path';
import type {
  AdapterSource,
  EngineEvent,
  EngineRequest,
} from '../../../../src/shared/contract/engine.ts';
import type { ExportReport } from '../../../../src/shared/contract/exports.ts';
import { exportModel } from '../../../../src/main/engine/commands/export.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

type Asked = Omit<EngineRequest<'export'>, 'output' | 'adapters' | 'type'> & {
  adapters?: AdapterSource[];
  type?: string;
  output?: string;
};

export async function exported(
  { adapters = [], type, output, ...asked }: Asked,
  signal = new AbortController().signal,
  onEvent: (event: EngineEvent) => void = () => undefined,
): Promise<{ report: ExportReport; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  const request = {
    ...{ ...asked, adapters, type: type ?? null },
    output: output ?? join(temporaryFolder(), 'exported'),
  };
  const emit = (event: EngineEvent) => {
    events.push(event);
    onEvent(event);
  };
  return { report: await exportModel(request, { emit, signal }), events };
}

export const tinyModel = (name: string) => fixturePath(`models/${name}`);
export const tinyAdapter = (name: string, weight = 1): AdapterSource => {
  return { path: fixturePath(`adapters/${name}`), weight };
};
