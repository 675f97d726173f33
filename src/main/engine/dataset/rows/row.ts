/** What stands in one place of a file, by the number under which a person finds it, or why it cannot be read. */
export type Row = { line: number } & ({ value: unknown } | { reason: string });
