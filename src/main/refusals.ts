/** Notes in the log what the page asked for and was refused: a mistake of the page, or something else in its place. */
import type { Problem } from '../shared/errors/problem.ts';
import type { Log } from './log.ts';

/** Of what others have written, in characters. */
const most = 300;

/** Whether the request itself was at fault, and not what came of it. */
export function isRefusal({ code }: Problem): boolean {
  return code === 'studio/bad-request' || code === 'studio/path-not-chosen';
}

/** The command that was asked for; what is no text might not even be made into one. */
export function nameOf(asked: unknown): string {
  return typeof asked === 'string' ? asked : `a command that is no text but ${typeof asked}`;
}

/** One line, whatever the page sent. */
export function noteRefusal(log: Log, asked: string, problem: Problem): void {
  const { code, what, where } = problem;
  const said = [asked, code, what, where].filter(Boolean).map((part) => oneLine(String(part)));
  log.note(`refused ${said.join(': ')}`);
}

function oneLine(text: string): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(/\p{Cc}+/gu, ' ');
}
