-- The port to the treasury channel: session, keys, numbers, every message that came or went.

-- One row: what the hub told us last. The work date comes from the hub alone, never from a clock.
create table treasury_session (
  id text primary key check (id = 'session'),
  node text not null check (node ~ '^[0-9]{12}$'),
  work_date date,
  sys_stat smallint,
  logged_in boolean not null,
  connected boolean not null,
  cut_time text,
  hub_offset_ms bigint not null,
  logged_in_at timestamptz,
  contact_at timestamptz,
  stop_notice text,
  version integer not null
);

create table treasury_key (
  public_key text primary key check (public_key ~ '^[0-9a-f]{128}$'),
  owner text not null check (owner in ('own', 'peer')),
  private_cipher bytea,
  fingerprint text not null,
  pinned_at timestamptz not null,
  check ((owner = 'own') = (private_cipher is not null))
);
create unique index treasury_own_key on treasury_key (owner) where owner = 'own';

-- 征收机关 and the treasury account that its contributions go to.
create table treasury_authority (
  tax_org char(12) primary key,
  name text not null,
  payee jsonb not null,
  version integer not null
);

-- The last number used of each sequence; blocks are taken, gaps are fine, nothing is used twice.
create table treasury_number (
  kind text not null,
  scope text not null,
  on_date date not null,
  last integer not null check (last between 0 and 99999999),
  version integer not null,
  primary key (kind, scope, on_date)
);

create table treasury_out (
  msg_id char(20) primary key,
  msg_no char(4) not null,
  subject text not null,
  bytes bytea not null,
  at timestamptz not null
);
create index treasury_out_subject on treasury_out (subject);

create table treasury_in (
  src char(12) not null,
  msg_id char(20) not null,
  msg_no char(4) not null,
  msg_ref char(20) not null,
  bytes bytea not null,
  -- What was answered; the same message gets the same bytes again.
  answer bytea,
  outcome text not null,
  at timestamptz not null,
  primary key (src, msg_id)
);
create index treasury_in_ref on treasury_in (msg_ref);

-- What did not verify or parse, or came twice with other bytes: kept for the security officer.
create table treasury_refused (
  id text primary key,
  at timestamptz not null,
  direction text not null,
  code text not null,
  reason text not null,
  bytes bytea not null
);

create table treasury_list_part (
  kind char(4) not null,
  tax_org char(12) not null,
  chk_date date not null,
  cur_pack_no integer not null,
  pack_no char(8) not null,
  head jsonb not null,
  lines jsonb not null,
  msg_id char(20) not null,
  at timestamptz not null,
  primary key (kind, tax_org, chk_date, cur_pack_no)
);

create table treasury_list (
  kind char(4) not null,
  tax_org char(12) not null,
  chk_date date not null,
  pack_no char(8) not null,
  state text not null check (state in ('collecting', 'applied', 'exception')),
  summary jsonb not null,
  first_at timestamptz not null,
  applied_at timestamptz,
  version integer not null,
  primary key (kind, tax_org, chk_date)
);

create trigger treasury_out_append_only before update or delete or truncate on treasury_out
  for each statement execute function refuse_change();
create trigger treasury_refused_append_only before update or delete or truncate on treasury_refused
  for each statement execute function refuse_change();
create trigger treasury_part_append_only before update or delete or truncate on treasury_list_part
  for each statement execute function refuse_change();
