/** Settings of the studio, a row for each that is not as it comes. */
import type { Statement } from 'better-sqlite3';
import { z } from 'zod';
import { studioSettings, type StudioSettings } from '../../shared/contract/studio-settings.ts';

const row = z.object({ key: z.string(), value: z.string() });

export class SettingStore {
  readonly #store: { prepare(sql: string): Statement<unknown[]> };

  constructor(store: { prepare(sql: string): Statement<unknown[]> }) {
    this.#store = store;
  }

  /** All of them. One that a newer Lorikeet has written in another way is as it comes. */
  all(): StudioSettings {
    const rows = z.array(row).parse(this.#store.prepare('select key, value from settings').all());
    const known = Object.entries(studioSettings.shape).flatMap(([key, shape]) => {
      const found = rows.find((each) => each.key === key);
      const read = found && shape.safeParse(fromJson(found.value));
      return read?.success ? [[key, read.data] as const] : [];
    });
    return studioSettings.parse(Object.fromEntries(known));
  }

  /** Changes those that are named and leaves the others. */
  change(settings: Partial<StudioSettings>): void {
    const put = this.#store.prepare('insert or replace into settings (key, value) values (?, ?)');
    for (const [key, value] of Object.entries(settings)) put.run(key, JSON.stringify(value));
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
