/** Step 13 of the store: conversations of the playground. Of each, how much it has is kept beside it, since lists do without the rest. */
export const migration13 = `
  create table chats (
    id integer primary key autoincrement,
    name text not null,
    setup text not null,
    plain integer not null,
    turns text not null,
    turn_count integer not null,
    right_count integer not null,
    created_at real not null,
    changed_at real not null
  );
  create index chats_by_change on chats (changed_at);
`;
