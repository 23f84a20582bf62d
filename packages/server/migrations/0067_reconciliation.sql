-- Reconciliation: work dates that were closed, the lines of the day's list with their class, 对账单 and its sign-off,
-- and exception cases that one officer handles and another closes.

-- A work date of which the hub said that it is over. Its lists are awaited.
create table treasury_closed_day (
  tax_org char(12) not null,
  chk_date date not null,
  -- Whether it surely was a work date; days between two known ones may have been none.
  certain boolean not null,
  closed_at timestamptz not null,
  version integer not null,
  primary key (tax_org, chk_date)
);

-- One row a line of the day's list, and one a debit of ours that it lacks.
create table recon_line (
  tax_org char(12) not null,
  chk_date date not null,
  line_no integer not null,
  -- 0: money that no bill of ours asked for.
  unit_id integer not null,
  unit_no text not null,
  attempt_id text,
  entrust_date date not null,
  tra_no char(8) not null,
  pack_no text not null,
  tax_vou_no text not null,
  -- What the list says was collected; null where it has no such line, or says refused.
  listed_fen bigint check (listed_fen >= 0),
  -- What we held for collected before the list came.
  own_fen bigint check (own_fen > 0),
  own_state text,
  op_stat text not null,
  recon_class smallint not null check (recon_class between 0 and 7),
  primary key (tax_org, chk_date, line_no)
);
create index recon_line_attempt on recon_line (attempt_id);
create index attempt_paid_day on attempt (tax_org, tax_date) where state = 'SUCCEEDED';

-- 对账单 as it was signed; before that its figures are computed from the lines.
create table recon_statement (
  tax_org char(12) not null,
  chk_date date not null,
  figures jsonb not null,
  figures_hash text not null,
  signed_by text not null,
  signed_at timestamptz not null,
  primary key (tax_org, chk_date)
);
create trigger recon_statement_append_only before update or delete or truncate on recon_statement
  for each statement execute function refuse_change();
create trigger recon_line_append_only before update or delete or truncate on recon_line
  for each statement execute function refuse_change();

alter table exception_case
  -- What is known of the money: numbers of the list, amounts, dates.
  add column facts jsonb not null default '{}',
  add column decision text,
  add column reason text,
  add column papers text,
  -- Owed back to the payer once the case is closed with a refund.
  add column refund_fen bigint check (refund_fen > 0),
  add column closed_by text,
  add column closed_at timestamptz,
  -- Four eyes, whatever the program does.
  add constraint case_two_people check (closed_by is null or closed_by <> handled_by),
  add constraint case_closed check ((state = '已处理') = (closed_by is not null));

create table case_event (
  case_id text not null references exception_case (id),
  seq integer not null,
  at timestamptz not null,
  actor text not null,
  event text not null,
  state_before text not null,
  state_after text not null,
  text text not null,
  primary key (case_id, seq)
);
create trigger case_event_append_only before update or delete or truncate on case_event
  for each statement execute function refuse_change();
