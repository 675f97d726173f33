/** Settings of the studio, a row for each that is not as it comes. */
import { z } from 'zod';
import {
  studioSettings,
  usualSettings,
  type StudioSettings,
} from '../../shared/contract/studio-settings.ts';
import type { Connection } from './connection.ts';

const row = z.object({ key: z.string(), value: z.string() });

type Changed = { [K in keyof StudioSettings]?: StudioSettings[K] | undefined };

export class SettingStore {
  readonly #store: Connection;

  constructor(store: Connection) {
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
    return { ...usualSettings, ...Object.fromEntries(known) };
  }

  /** Changes those that are given and leaves the others. */
  change(settings: Changed): void {
    const put = this.#store.prepare('insert or replace into settings (key, value) values (?, ?)');
    for (const [key, value] of Object.entries(settings))
      if (value !== undefined) put.run(key, JSON.stringify(value));
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
