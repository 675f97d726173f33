/** The tables of the store, as numbered steps. A step that was released is frozen: what changes later is a new step. */
import type { Database } from 'better-sqlite3';
import { migration11 } from './migration-11.ts';
import { migration13 } from './migration-13.ts';
import { migration14 } from './migration-14.ts';

/** Step 1 is the first; the store's format number (`user_version`) is the number of the last step taken. */
export const migrations: readonly string[] = [
  // 1: the library, runs with all their points, adapters
  `
  create table models (
    id integer primary key autoincrement,
    name text not null unique,
    path text not null unique,
    description text not null,
    added_at real not null
  );
  create table datasets (
    id integer primary key autoincrement,
    name text not null,
    path text not null unique,
    examples integer not null,
    added_at real not null
  );
  create table runs (
    id integer primary key autoincrement,
    name text not null,
    state text not null,
    config text not null,
    created_at real not null,
    started_at real,
    finished_at real,
    step integer not null default 0,
    total_steps integer,
    last_loss real,
    last_validation_loss real,
    trainable_parameters integer,
    total_parameters integer,
    peak_memory_bytes integer,
    output text not null,
    problem text,
    owner_pid integer not null,
    owner_started text not null
  );
  create index runs_by_state on runs (state);
  create table steps (
    run_id integer not null references runs (id) on delete cascade,
    step integer not null,
    total_steps integer not null,
    epoch real not null,
    loss real not null,
    learning_rate real not null,
    gradient_norm real not null,
    tokens integer not null,
    tokens_per_second real not null,
    elapsed_seconds real not null,
    seconds_left real not null,
    primary key (run_id, step)
  ) without rowid;
  create table validations (
    run_id integer not null references runs (id) on delete cascade,
    step integer not null,
    loss real not null,
    tokens integer not null,
    primary key (run_id, step)
  ) without rowid;
  create table adapters (
    id integer primary key autoincrement,
    name text not null,
    path text not null unique,
    run_id integer references runs (id) on delete set null,
    model text not null,
    rank integer not null,
    alpha real not null,
    parameters integer not null,
    created_at real not null
  );
  create index adapters_by_run on adapters (run_id);
  `,
  // 2: the health of an adapter while it trains
  `
  create table health (
    run_id integer not null references runs (id) on delete cascade,
    step integer not null,
    modules text not null,
    alarms text not null,
    primary key (run_id, step)
  );
  `,
  // 3: the path of each linear module in a model's description; all models so far are LLaMAs
  Object.entries({
    ...{ q_proj: 'self_attn', k_proj: 'self_attn', v_proj: 'self_attn', o_proj: 'self_attn' },
    ...{ gate_proj: 'mlp', up_proj: 'mlp', down_proj: 'mlp' },
  })
    .map(([name, block]) => {
      const path = `model.layers.{layer}.${block}.${name}`;
      return `update models set description =
        replace(description, '"name":"${name}",', '"name":"${name}","path":"${path}",');`;
    })
    .join('\n'),
  // 4: what a task has to say of a validation beside the loss
  'alter table validations add column report text;',
  // 5: what runs and adapters tell apart, and what models can be trained for
  `
  alter table runs add column labels text;
  alter table adapters add column labels text;
  update models set description = json_set(
    description,
    '$.tasks', json(case
      when json_extract(description, '$.architecture') in ('bert', 'roberta', 'distilbert')
      then '["sequence-classification"]'
      else '["causal-lm", "sequence-classification"]'
    end),
    '$.labels', null
  );
  `,
  // 6: which experts a mixture chose
  "alter table health add column experts text not null default '[]';",
  // 7: how unevenly it used them
  'alter table health add column imbalance real;',
  // 8: where adapters came from, and what was exported of them
  `
  alter table adapters add column origin text;
  create table exports (
    id integer primary key autoincrement,
    path text not null unique,
    origin text not null
  );
  `,
  // 9: how bases were held; so far every one was dense
  `
  alter table runs add column base text;
  alter table adapters add column base text;
  update runs set base = '{"form":"dense","doubleQuant":false}' where total_steps is not null;
  update adapters set base = '{"form":"dense","doubleQuant":false}';
  `,
  // 10: runs that can be taken up again, their order, and settings of the studio
  `
  alter table runs add column checkpoint text;
  alter table runs add column best text;
  alter table runs add column last text;
  alter table runs add column early integer not null default 0;
  alter table runs add column changes text not null default '[]';
  alter table runs add column group_id integer;
  alter table runs add column queue_order real;
  alter table runs add column not_before real;
  alter table runs add column held_by text;
  update runs set queue_order = id where state = 'queued';
  create table settings (key text primary key, value text not null) without rowid;
  `,
  // 11: what has changed, what runs are searched by, and when the store was checked
  migration11,
  // 12: in which folder a run writes its checkpoints; paths of runs are found without reading their configurations
  `
  alter table runs add column checkpoint_folder text;
  create index runs_by_output on runs (output);
  create index runs_by_start on runs (json_extract(config, '$.fromAdapter'));
  `,
  // 13: conversations of the playground
  migration13,
  // 14: what runs forgot, their answers under way, notes and tags
  migration14,
  // 15: runs that are begun together, and of which the worse end early
  `
  alter table runs add column series_id integer;
  alter table runs add column halving integer not null default 0;
  `,
  // 16: what runs were told without stopping
  "alter table runs add column notices text not null default '[]';",
];

/** The number of the store's last step taken; 0 for a new file. */
export function formatOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Takes the steps that the store lacks, up to `upTo`, all or none of them. Safe when two processes
 * start at once: the second waits for the write lock and then finds nothing left to do.
 */
export function migrate(database: Database, upTo = migrations.length): void {
  database
    .transaction(() => {
      for (let format = formatOf(database); format < upTo; format += 1) {
        database.exec(migrations[format] ?? '');
        database.pragma(`user_version = ${format + 1}`);
      }
    })
    .immediate();
}
