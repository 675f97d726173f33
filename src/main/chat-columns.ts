/** A column of the playground: the adapters that it is made of, and what it is called. */
import type { ChatSetup } from '../shared/contract/chat.ts';
import type { AdapterSource } from '../shared/contract/engine.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { sayColumn } from '../shared/say-column.ts';
import type { Store } from './store/database.ts';

type Column = ChatSetup['columns'][number];

/** Fails with 'studio/not-found', and 'adapter/other-base' for one of another model. */
export function sourcesOf(
  { parts }: Column,
  model: string,
  { adapters }: Pick<Store, 'adapters'>,
): AdapterSource[] {
  return parts.map(({ id, weight }) => {
    const { path, model: own } = adapters.get(id);
    if (own !== model)
      throw lorikeetError('adapter/other-base', { path, model: own, first: model });
    return { path, weight };
  });
}

export function columnName(column: Column, { adapters }: Pick<Store, 'adapters'>): string {
  return sayColumn(column.parts, (id) => adapters.get(id).name);
}
