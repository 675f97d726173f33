/** A file open for reading at any place, with its size known, so that nothing outside it is ever asked for. */
import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { fileReason } from '../../../shared/errors/file-reason.ts';

export interface FileBytes {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  /** Fills `target` from byte `position` on. Errors: checkpoint/cut-short, checkpoint/unreadable. */
  readInto(target: Uint8Array, position: number): void;
  /** The same on another thread. */
  readLater(target: Uint8Array, position: number): Promise<void>;
  close(): void;
}

const readAsync = promisify(read);

/** One read call takes at most this many bytes: Node's own limit is 2 GiB. */
const mostPerRead = 1 << 30;

/** Opens a file. Errors: checkpoint/unreadable. */
export function openFileBytes(path: string): FileBytes {
  // Opening a pipe would wait for somebody who writes into it.
  if (!attempt(path, () => statSync(path)).isFile()) {
    throw lorikeetError('checkpoint/unreadable', { path, reason: 'it is not a file' });
  }
  const descriptor = attempt(path, () => openSync(path, 'r'));
  const status = fstatSync(descriptor);
  let open = true;
  const cutShort = (needed: number) =>
    lorikeetError('checkpoint/cut-short', { path, bytes: status.size, needed });
  return {
    path,
    size: status.size,
    readInto(target, position) {
      for (let done = 0; done < target.length;) {
        const wanted = Math.min(target.length - done, mostPerRead);
        const got = attempt(path, () =>
          readSync(descriptor, target, done, wanted, position + done),
        );
        if (got === 0) throw cutShort(position + target.length);
        done += got;
      }
    },
    async readLater(target, position) {
      for (let done = 0; done < target.length;) {
        const wanted = Math.min(target.length - done, mostPerRead);
        const { bytesRead } = await readAsync(
          descriptor,
          target,
          done,
          wanted,
          position + done,
        ).catch((error: unknown) => {
          throw unreadable(path, error);
        });
        if (bytesRead === 0) throw cutShort(position + target.length);
        done += bytesRead;
      }
    },
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  const reason = fileReason(error);
  return lorikeetError('checkpoint/unreadable', { path, reason }, { cause: error });
}
