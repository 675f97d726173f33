/** Opens the store: one SQLite file that the studio and the command line share. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { AdapterStore } from './adapters.ts';
import { backUp, newestBackup } from './backup.ts';
import { ChatStore } from './chats.ts';
import { ChangeStore } from './changes.ts';
import { Connection } from './connection.ts';
import { DatasetStore } from './datasets.ts';
import { ExportStore } from './exports.ts';
import { formatInFile } from './format-in-file.ts';
import { HealthStore } from './health.ts';
import { inspect, noteChecked } from './inspect.ts';
import { MetricStore } from './metrics.ts';
import { formatOf, migrate, migrations } from './migrations.ts';
import { ModelStore } from './models.ts';
import { openingError } from './opening-error.ts';
import { RunStore } from './runs.ts';
import { SettingStore } from './settings.ts';
import { WatchedStore } from './watched.ts';

export type Store = {
  /** The folder in which its file lies. */
  readonly folder: string;
  models: ModelStore;
  datasets: DatasetStore;
  runs: RunStore;
  metrics: MetricStore;
  health: HealthStore;
  watched: WatchedStore;
  adapters: AdapterStore;
  exports: ExportStore;
  chats: ChatStore;
  changes: ChangeStore;
  settings: SettingStore;
  /** Does all of `work` or nothing. */
  atOnce<T>(work: () => T): T;
  /** A number that changes when another process has written. */
  foreignWrites(): number;
  close(): void;
};

/**
 * Opens the store at `path`, makes it if there is none, and brings its tables up to date, with a copy of it as it was
 * (backup.ts). A file that cannot be opened, is no store, is damaged or is of a newer Lorikeet is left as it is: 'store/unreadable',
 * 'store/damaged', 'store/newer'. One that may not be written is 'store/read-only'.
 */
export function openStore(path: string): Store {
  const opened = connect(path);
  return {
    folder: dirname(path),
    models: new ModelStore(opened),
    datasets: new DatasetStore(opened),
    runs: new RunStore(opened),
    metrics: new MetricStore(opened),
    health: new HealthStore(opened),
    watched: new WatchedStore(opened),
    adapters: new AdapterStore(opened),
    exports: new ExportStore(opened),
    chats: new ChatStore(opened),
    changes: new ChangeStore(opened),
    settings: new SettingStore(opened),
    atOnce: (work) => opened.atOnce(work),
    foreignWrites: () => opened.foreignWrites(),
    close: () => {
      opened.close();
    },
  };
}

function connect(path: string): Connection {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return new Connection(openDatabase(path));
  } catch (error) {
    throw openingError(path, error);
  }
}

function openDatabase(path: string): Database {
  const known = migrations.length;
  const version = formatInFile(path);
  if (version > known) throw lorikeetError('store/newer', { path, version, known });
  const { damage, checked } = inspect(path, version < known);
  if (damage !== null)
    throw lorikeetError('store/damaged', { path, reason: damage, backup: newestBackup(path) });
  const database = new BetterSqlite3(path);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('foreign_keys = ON');
    const format = formatOf(database);
    if (format > 0 && format < known) backUp(database, format);
    migrate(database);
    if (checked) noteChecked(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
