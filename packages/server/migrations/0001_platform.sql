-- The platform's own tables: idempotency, audit chains, tasks, the demo clock.

create table idempotency (
  principal text not null,
  key text not null,
  command text not null,
  request_hash bytea not null,
  answer jsonb not null,
  at timestamptz not null,
  primary key (principal, key)
);
create index idempotency_by_age on idempotency using brin (at);

-- One head per chain; its row lock makes the numbers gapless.
create table audit_head (
  chain text primary key,
  seq bigint not null,
  hash bytea not null
) with (fillfactor = 70);

-- hash = sha256(hash before || seq as 8 bytes || payload). The payload is the record; columns derive from it.
create table audit_entry (
  chain text not null,
  seq bigint not null,
  payload text not null,
  hash bytea not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  primary key (chain, seq)
);
create index audit_entry_by_time on audit_entry using brin (at);

-- Every minute and at shutdown all chain heads are sealed into one global chain.
create table audit_seal (
  seq bigint primary key,
  at timestamptz not null,
  heads jsonb not null,
  hash bytea not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function refuse_change();
create trigger audit_seal_append_only before update or delete or truncate on audit_seal
  for each statement execute function refuse_change();

create table task (
  id uuid primary key,
  kind text not null,
  owner text not null,
  payload jsonb not null,
  dedupe_key text,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  -- Not before this time of the database's own clock; queued_at tells a clock that was set back.
  run_after timestamptz not null,
  queued_at timestamptz not null,
  attempt integer not null default 0,
  -- Grows with every claim: whoever holds an older token can no longer commit.
  fencing bigint not null default 0,
  -- Grows with every sign of life: a lease is judged by watching it stand still.
  beat bigint not null default 0,
  worker text,
  percent integer not null default 0 check (percent between 0 and 100),
  progress_text text not null default '',
  result jsonb,
  failure jsonb,
  created_at timestamptz not null,
  finished_at timestamptz
) with (fillfactor = 60);
create unique index task_dedupe on task (kind, dedupe_key) where dedupe_key is not null;
create index task_queue on task (run_after, created_at) where state = 'queued';
create index task_running on task (id) where state = 'running';
create index task_by_owner on task (owner, created_at desc);

-- The latest business time a demo world may have shown, so that a restart never goes back.
create table business_clock (
  only_row boolean primary key default true check (only_row),
  latest timestamptz not null
);
