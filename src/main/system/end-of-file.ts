/** The last lines of a text file that may be long. */
import { open } from 'node:fs/promises';
import { codeOf } from '../../shared/errors/file-reason.ts';

/** At most `bytes` from the end of the file, from the beginning of a line; `cut` where there was more before. Empty without the file. */
export async function endOfFile(
  path: string,
  bytes: number,
): Promise<{ text: string; cut: boolean }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const begin = Math.max(0, size - bytes);
      const wanted = Buffer.alloc(size - begin);
      const { bytesRead } = await file.read(wanted, 0, wanted.length, begin);
      const text = wanted.toString('utf8', 0, bytesRead);
      const cut = begin > 0;
      return { text: cut ? text.slice(text.indexOf('\n') + 1) : text, cut };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { text: '', cut: false };
    throw thrown;
  }
}
