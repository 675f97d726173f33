/** Programs that are made when they are first needed, and kept. */
import type { Program } from './program.ts';
import { Session } from './session.ts';

/** Small programs in their sessions, one for each kind that was asked for, as plain data. Has to be disposed of. */
export class Prepared<K, P extends { program: Program }> {
  private readonly make: (kind: K) => P;
  private readonly known = new Map<string, P & { session: Session }>();

  constructor(make: (kind: K) => P) {
    this.make = make;
  }

  of(kind: K): P & { session: Session } {
    const key = JSON.stringify(kind);
    const found = this.known.get(key);
    if (found) return found;
    const made = this.make(kind);
    const prepared = { ...made, session: new Session(made.program) };
    this.known.set(key, prepared);
    return prepared;
  }

  dispose(): void {
    for (const { session } of this.known.values()) session.dispose();
    this.known.clear();
  }
}
