/** Starts the two sides, each in a process of its own with all cores. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { project } from '../../scripts/lib/project.ts';
import { engineEnvironment } from '../../src/main/engine/runtime/environment.ts';
import { locateRuntime } from '../../src/main/engine/runtime/locate.ts';
import type { OwnVariant, PeerVariant } from '../protocol.ts';
import { Worker, type Command } from './worker-process.ts';

export type Own = Worker<OwnVariant>;
export type Peer = Worker<PeerVariant>;
export type Sides = { own: () => Own; peer: () => Peer };

/** Lorikeet's side, under further variables; `aside` as in `Command`. */
export function ownSide({ env, aside }: Partial<Pick<Command, 'env' | 'aside'>> = {}): Own {
  return new Worker('Lorikeet', {
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(project, 'bench/own.ts')],
    env: { ...process.env, ...engineEnvironment(), ...env },
    ...(aside && { aside }),
  });
}

/** @param python as from `benchPython` */
export function sidesWith(python: string): Sides {
  const threads = String(availableParallelism());
  return {
    own: () => ownSide(),
    peer: () =>
      new Worker('PyTorch + PEFT', {
        program: python,
        args: ['-u', join(project, 'bench/peer/peer.py')],
        env: {
          ...process.env,
          // Everything is on this disk; nothing may be looked up elsewhere.
          HF_HUB_OFFLINE: '1',
          TRANSFORMERS_VERBOSITY: 'error',
          PYTHONWARNINGS: 'ignore::FutureWarning',
          TOKENIZERS_PARALLELISM: 'false',
          OMP_NUM_THREADS: threads,
          LORIKEET_BENCH_THREADS: threads,
          LORIKEET_BENCH_DEVICE: locateRuntime().kind === 'gpu' ? 'cuda' : 'cpu',
        },
      }),
  };
}

/** Starts a worker for `work` and closes it whatever happens. */
export async function using<V, T>(
  worker: Worker<V>,
  work: (worker: Worker<V>) => Promise<T>,
): Promise<T> {
  try {
    return await work(worker);
  } finally {
    await worker.close();
  }
}
