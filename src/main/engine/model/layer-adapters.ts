/** The adapters of one layer. */
import type { Tensor } from '../graph/node.ts';
import type { AdapterRanks } from './adapter-matrices.ts';

/** Which adapters sit in one layer, and on which modules each of them. */
export type LayerSite = readonly (readonly AdapterRanks[])[];

/** The same with a vector for each adapter, as `cutVector` takes them. */
export type LayerAdapters = { site: LayerSite; vectors: readonly Tensor[] };
