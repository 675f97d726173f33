/** What a person reads while set-up and checks run: one line a step, on stderr so that stdout stays for results. */

/** '14 s', '2 min 05 s'. */
export function seconds(milliseconds: number): string {
  const total = Math.round(milliseconds / 1000);
  if (total < 60) return `${total} s`;
  return `${Math.floor(total / 60)} min ${String(total % 60).padStart(2, '0')} s`;
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
