/** Whether files are what they were when a training opened them: it is read of them again, for their fingerprints, while it goes on. */
import { resolve } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { stateOf } from './fingerprint-cache.ts';

export class OpenedFiles {
  private readonly stamps = new Map<string, string | null>();

  /** Notes what is there now; to be called before the files are read. One that is noted already stays as it was. */
  note(paths: readonly string[]): this {
    for (const path of paths.map((each) => resolve(each)))
      if (!this.stamps.has(path)) this.stamps.set(path, stampOf(path));
    return this;
  }

  /** To be called once the files have been read again. Errors: origin/file-changed. */
  check(paths: readonly string[]): void {
    for (const path of paths.map((each) => resolve(each))) {
      const noted = this.stamps.get(path);
      // One that is gone by now was read from where it was opened.
      const now = stampOf(path);
      if (noted !== undefined && now !== null && now !== noted)
        throw lorikeetError('origin/file-changed', { path });
    }
  }
}

const stampOf = (path: string) => stateOf(path)?.stamp ?? null;
