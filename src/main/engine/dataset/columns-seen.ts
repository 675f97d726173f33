/** Which columns the rows of a file have, for a person to map. */
import type { DataReport } from '../../../shared/contract/data-report.ts';
import { shownJson } from '../../../shared/shown-json.ts';
import { isEmpty, type JsonObject } from './json-value.ts';

/** Of so many rows, and so many columns at most: keys of JSON may be without end. */
const mostRows = 1000;
const mostColumns = 100;
const longestSample = 80;

export class ColumnsSeen {
  readonly #samples = new Map<string, string>();
  #rows = 0;

  see(row: JsonObject): void {
    if (this.#rows++ >= mostRows) return;
    for (const [name, value] of Object.entries(row)) {
      const known = this.#samples.get(name);
      if (known === undefined && this.#samples.size >= mostColumns) continue;
      if (!known) this.#samples.set(name, isEmpty(value) ? '' : sampleOf(value));
    }
  }

  /** In the order of their first row, each with the beginning of its first value. */
  list(): DataReport['columns'] {
    return [...this.#samples].map(([name, sample]) => ({ name, sample }));
  }
}

function sampleOf(value: unknown): string {
  const text = typeof value === 'string' ? value : shownJson(value);
  return text.length > longestSample ? `${text.slice(0, longestSample)}…` : text;
}
