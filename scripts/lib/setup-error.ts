/** Why set-up cannot go on, and the command that helps. Free of packages: it is thrown before any is installed. */

export class SetupError extends Error {
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.name = 'SetupError';
    this.next = next;
  }
}
