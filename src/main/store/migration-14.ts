/**
 * Step 14 of the store: what a run cost the model of what it could do before, how its answers to some prompts changed, and what a
 * person has written down about it, by which it is searched as well.
 */
export const migration14 = `
  alter table runs add column forgetting text;
  create index runs_by_general_text on runs (json_extract(config, '$.generalText.path'));
  create table watched_prompts (
    run_id integer primary key references runs (id) on delete cascade,
    prompts text not null
  );
  create table watched_answers (
    run_id integer not null references runs (id) on delete cascade,
    step integer not null,
    answers text not null,
    primary key (run_id, step)
  ) without rowid;

  alter table runs add column notes text not null default '';
  alter table runs add column tags text not null default '[]';
  create table run_remarks (
    run_id integer primary key references runs (id) on delete cascade,
    text text not null
  );
  create trigger runs_remarks after update of notes, tags on runs begin
    delete from run_remarks where run_id = new.id;
    insert into run_remarks
      select new.id, new.notes || char(10)
        || coalesce((select group_concat(value, char(10)) from json_each(new.tags)), '');
  end;
`;
