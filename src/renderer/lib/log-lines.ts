/** The log as a person reads it: entries with their time, the newest first. */
import { formatMoment } from './when.ts';

export type LogEntry = {
  /** Its place in the text that was read. */
  key: number;
  /** '27 Nov 14:02'; empty for lines before the first entry. */
  when: string;
  /** The first line without its time. */
  what: string;
  /** Where in the program, and what else follows the first line. */
  more: string;
};

const begin = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/;

/** Lines without a time belong to the entry before them. */
export function logEntries(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split('\n')) {
    const [, time, what] = begin.exec(line) ?? [];
    const last = entries.at(-1);
    if (time !== undefined && what !== undefined)
      entries.push({ key: entries.length, when: formatMoment(Date.parse(time)), what, more: '' });
    else if (last && line !== '') last.more += last.more === '' ? line : `\n${line}`;
    else if (line !== '') entries.push({ key: entries.length, when: '', what: line, more: '' });
  }
  return entries.reverse();
}

/** Those in which the words stand. */
export function entriesWith(entries: readonly LogEntry[], words: string): LogEntry[] {
  const wanted = words.trim().toLowerCase();
  return entries.filter(({ what, more }) => `${what}\n${more}`.toLowerCase().includes(wanted));
}
