/** The value of a setting as a message shows it. */
import { shownJson } from '../../../shared/shown-json.ts';

const longest = 80;

/** JSON of a value that came out of JSON, cut where it is long: some settings are lists of hundreds of numbers. */
export function shownSetting(value: unknown): string {
  const text = shownJson(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
