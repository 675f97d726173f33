/** Holds the written config.json against that of the base: what was carried over, what reads otherwise, what was left out. */

type Json = Readonly<Record<string, unknown>>;

export type SettingsAccount = {
  carried: number;
  /** 'model_type: "mistral", written as "llama"' */
  changed: string[];
  left: string[];
  /** Of the changed those that may not change. */
  wrong: string[];
};

/** Keys that say in what form a model is written, and not what it computes. */
const ofTheForm: ReadonlySet<string> = new Set([
  ...['architectures', 'model_type', 'torch_dtype', 'transformers_version', 'use_cache'],
]);
/** Names of classes: one setting, whatever is in it. */
const tables: ReadonlySet<string> = new Set(['id2label', 'label2id']);
/** transformers 5 and older files have other names for the same. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['dtype', 'torch_dtype'],
  ['type', 'rope_type'],
]);
/** What older files call the settings of windowed layers, for which transformers 5 has an object of this name. */
const windowedLayers = 'sliding_attention';
const windowedNames: ReadonlyMap<string, string> = new Map([
  ['rope_theta', 'rope_local_base_freq'],
]);

/**
 * Settings are compared by their own name, whatever object they lie in: `rope_theta` has moved between versions.
 * @param replaced settings that the adapter says otherwise
 */
export function accountForSettings(
  base: Json,
  written: Json,
  replaced: readonly string[] = [],
): SettingsAccount {
  const found = new Map(settingsOf(written));
  const account: SettingsAccount = { carried: 0, changed: [], left: [], wrong: [] };
  for (const [name, value] of settingsOf(base)) {
    const other = found.get(name);
    if (other === undefined) account.left.push(name);
    else if (isKept(name, value, other)) account.carried += 1;
    else {
      const text = `${name}: ${JSON.stringify(value)}, written as ${JSON.stringify(other)}`;
      account.changed.push(text);
      if (!ofTheForm.has(name) && !replaced.includes(name)) account.wrong.push(text);
    }
  }
  return account;
}

/** A setting that is null, or a rope of the default kind, says nothing. */
function settingsOf(json: Json): [string, unknown][] {
  return Object.entries(json).flatMap(([key, value]): [string, unknown][] => {
    const name = otherNames.get(key) ?? key;
    if (value === null || (name === 'rope_type' && value === 'default')) return [];
    if (typeof value !== 'object' || Array.isArray(value) || tables.has(name))
      return [[name, value]];
    const inner = settingsOf(Object.fromEntries(Object.entries(value)));
    if (key !== windowedLayers) return inner;
    return inner.map(([own, each]) => [windowedNames.get(own) ?? own, each]);
  });
}

/** The tokens that end an answer may get more, from generation_config.json. */
function isKept(name: string, value: unknown, written: unknown): boolean {
  if (name !== 'eos_token_id') return JSON.stringify(value) === JSON.stringify(written);
  const all: unknown[] = [written].flat();
  return [value].flat().every((token) => all.includes(token));
}
