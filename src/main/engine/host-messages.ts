/** What main and the engine's utility process tell each other beside the calls. */
import type { EngineCall, EngineMessage } from '../../shared/contract/engine.ts';

/** To the host. `window-port` carries a port: the other end is with the page. */
export type ToHost = EngineCall | { kind: 'window-port' };
/** From the host. `ended` is its last word: then the process exits. */
export type FromHost = EngineMessage | { kind: 'ended'; reason: string; stack: string | null };
