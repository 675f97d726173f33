/** Linear layers with the same input, which are computed as one product. */
import type { LinearLayer } from './architecture.ts';

/** Its weight [out, in] holds its modules' weights one below the other. */
export type LinearGroup = {
  name: string;
  modules: readonly LinearLayer[];
  in: number;
  out: number;
};

/** The groups of a layer, in the order of their first modules. */
export function linearGroups(linears: readonly LinearLayer[]): LinearGroup[] {
  const names = new Set(linears.map(({ group }) => group));
  return [...names].map((name) => {
    const modules = linears.filter(({ group }) => group === name);
    const out = modules.reduce((total, module) => total + module.out, 0);
    return { name, modules, in: modules[0]?.in ?? 0, out };
  });
}

/** Where a module lies in its group: the first of its rows. Undefined where it is none of the group. */
export function firstRow(group: LinearGroup, path: string): number | undefined {
  const at = group.modules.findIndex((module) => module.path === path);
  if (at < 0) return undefined;
  return group.modules.slice(0, at).reduce((total, { out }) => total + out, 0);
}
