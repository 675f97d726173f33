/** The adapters that are made into one, and what each of them does to one module. */
import type { AdapterSource } from '../../../shared/contract/engine.ts';
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';

/** An adapter that counts `weight`, which is not 0; `path` names it in errors. */
export type Part = AdapterSource & { adapter: Adapter };

/** One adapter's ΔW of a module, which counts `weight`. */
export type ModulePart = {
  module: AdapterModule;
  weight: number;
  /** Which of the parts it belongs to. */
  part: number;
};

/** By module path, in the order of the parts: a module that only some adapters have is the sum of those that have it. */
export function partsByModule(parts: readonly Part[]): ReadonlyMap<string, readonly ModulePart[]> {
  const found = new Map<string, ModulePart[]>();
  for (const [part, { adapter, weight }] of parts.entries()) {
    for (const [path, module] of adapter.modules) {
      const own = found.get(path) ?? [];
      own.push({ module, weight, part });
      found.set(path, own);
    }
  }
  return found;
}

/** Whether there is nothing to compute: one adapter that counts whole is what it is. */
export function isOneWhole(parts: readonly Part[]): parts is readonly [Part] {
  return parts.length === 1 && parts[0]?.weight === 1;
}
