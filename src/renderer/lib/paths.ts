/** Paths of files on this machine, of either kind of slash, as text. */

/** The last part of a path: 'train.jsonl'. */
export function baseName(path: string): string {
  return (
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) ?? path
  );
}

/** A name without the ending of a file: 'train'. */
export function stem(path: string): string {
  return baseName(path).replace(/\.[^.]{1,8}$/, '');
}

/** `parts` below `folder`, with the slash that `folder` uses. */
export function joinPath(folder: string, ...parts: string[]): string {
  const slash = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return [folder.replace(/[\\/]+$/, ''), ...parts].join(slash);
}
