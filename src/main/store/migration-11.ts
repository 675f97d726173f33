/**
 * Step 11 of the store: what has changed is a list, so that nobody reads ten thousand runs to find out; what runs are searched
 * by has a table of its own, since their configurations are long; and it is noted when the store was checked.
 */

/** The last part of the path in this column. */
function baseName(path: string): string {
  return `replace(${path}, rtrim(${path}, replace(${path}, '/', '')), '')`;
}

/** The searched columns out of a run's name and configuration. */
function searched(of: string): string {
  const setting = (path: string) => `json_extract(${of}.config, '$.${path}')`;
  const [model, data, validation] = [setting('model'), setting('data'), setting('validation.path')];
  const parts = [model, data].map((path) => `coalesce(${baseName(path)}, '')`);
  const text = [`${of}.name`, ...parts].join(' || char(10) || ');
  return `select ${of}.id, ${model}, ${data}, ${validation}, ${text}`;
}

/** Makes this change the newest of the list. No 'insert or replace': the statement that fires a trigger overrides the 'or'. */
function note(subject: 'run' | 'library', id: string, gone: 0 | 1): string {
  return `delete from changes where subject = '${subject}' and id = ${id};
    insert into changes (subject, id, gone) values ('${subject}', ${id}, ${gone});`;
}

const noteRun = (id: string, gone: 0 | 1) => note('run', id, gone);
const writes = ['insert', 'update', 'delete'] as const;

const libraryTriggers = ['models', 'datasets', 'adapters'].flatMap((table) =>
  writes.map(
    (write) => `create trigger ${table}_note_${write} after ${write} on ${table} begin
      ${note('library', '0', 0)} end;`,
  ),
);

export const migration11 = `
  create table changes (
    number integer primary key autoincrement,
    subject text not null,
    id integer not null,
    gone integer not null,
    unique (subject, id)
  );
  create trigger runs_note_insert after insert on runs begin ${noteRun('new.id', 0)} end;
  create trigger runs_note_update after update on runs begin ${noteRun('new.id', 0)} end;
  create trigger runs_note_delete after delete on runs begin ${noteRun('old.id', 1)} end;
  create trigger adapters_note_run_insert after insert on adapters
    when exists (select 1 from runs where id = new.run_id) begin ${noteRun('new.run_id', 0)} end;
  create trigger adapters_note_run_delete after delete on adapters
    when exists (select 1 from runs where id = old.run_id) begin ${noteRun('old.run_id', 0)} end;
  ${libraryTriggers.join('\n')}

  create table run_texts (
    run_id integer primary key references runs (id) on delete cascade,
    model text,
    data text,
    validation text,
    text text not null
  );
  create index run_texts_by_data on run_texts (data, run_id);
  create index run_texts_by_validation on run_texts (validation, run_id);
  create trigger runs_text_insert after insert on runs begin
    insert into run_texts ${searched('new')}; end;
  create trigger runs_text_update after update of name, config on runs begin
    delete from run_texts where run_id = new.id;
    insert into run_texts ${searched('new')}; end;
  insert into run_texts ${searched('runs')} from runs;
  create index runs_by_progress on runs (id, state, step);

  create table upkeep (id integer primary key check (id = 1), checked_at real not null, boot text not null);
`;
