/** An engine that a test can end as a crash does. */
import type { EngineTransport } from '../../../src/main/engine-client.ts';
import { engineThread } from './open-studio.ts';

export function mortalEngine(): { transport: EngineTransport; kill: () => Promise<unknown> } {
  const worker = engineThread();
  let stop = (): Promise<unknown> => Promise.resolve();
  return {
    transport(listener) {
      const link = worker(listener);
      stop = () => link.stop();
      return link;
    },
    kill: () => stop(),
  };
}
