/** Opens the store: one SQLite file that the studio and the command line share. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { LorikeetError, lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { databaseReason, fileReason } from '../../shared/errors/file-reason.ts';
import { AdapterStore } from './adapters.ts';
import { DatasetStore } from './datasets.ts';
import { ExportStore } from './exports.ts';
import { HealthStore } from './health.ts';
import { MetricStore } from './metrics.ts';
import { formatOf, migrate, migrations } from './migrations.ts';
import { ModelStore } from './models.ts';
import { RunStore } from './runs.ts';

export type Store = {
  /** The folder in which its file lies. */
  readonly folder: string;
  models: ModelStore;
  datasets: DatasetStore;
  runs: RunStore;
  metrics: MetricStore;
  health: HealthStore;
  adapters: AdapterStore;
  exports: ExportStore;
  /** A number that changes when another process has written. */
  foreignWrites(): number;
  close(): void;
};

/**
 * Opens the store at `path`, makes it if there is none, and brings its tables up to date. A file that
 * cannot be opened, is no store or is of a newer Lorikeet is left as it is: 'store/unreadable', 'store/newer'.
 */
export function openStore(path: string): Store {
  let database: Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new BetterSqlite3(path);
    const version = formatOf(database);
    if (version > migrations.length)
      throw lorikeetError('store/newer', { path, version, known: migrations.length });
    if (version === 0 && hasTables(database))
      throw lorikeetError('store/unreadable', {
        path,
        reason: 'it is the database of another program',
      });
    prepare(database);
  } catch (error) {
    database?.close();
    if (error instanceof LorikeetError) throw error;
    const reason = databaseReason(error) ?? fileReason(error);
    throw lorikeetError('store/unreadable', { path, reason }, { cause: error });
  }
  const opened = database;
  return {
    folder: dirname(path),
    models: new ModelStore(opened),
    datasets: new DatasetStore(opened),
    runs: new RunStore(opened),
    metrics: new MetricStore(opened),
    health: new HealthStore(opened),
    adapters: new AdapterStore(opened),
    exports: new ExportStore(opened),
    foreignWrites: () => Number(opened.pragma('data_version', { simple: true })),
    close: () => {
      opened.close();
    },
  };
}

function prepare(database: Database): void {
  database.pragma('journal_mode = WAL');
  // Safe against a crash of the process in WAL mode, and a point a second costs no disk flush.
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
  migrate(database);
}

function hasTables(database: Database): boolean {
  return database.prepare('select 1 from sqlite_master limit 1').get() !== undefined;
}
