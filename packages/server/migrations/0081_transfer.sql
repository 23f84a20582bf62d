-- 待报解户: money that was transferred to an authority's account, and which bill it pays.
create table transfer (
  id uuid primary key,
  tax_org char(12) not null,
  payee_acct text not null,
  value_date date not null,
  bank_serial text not null,
  payer_name text not null,
  payer_account_id bigint references bank_account (id),
  payer_tail text not null,
  payer_bank text not null,
  amount_fen bigint not null check (amount_fen > 0),
  remark text not null,
  state text not null check (state in
    ('待认领', '待确认', '已销号', '划缴待复核', '已划缴国库', '退回待复核', '已退回')),
  unit_no text,
  bill_id uuid,
  order_id text references payment_order (id),
  -- Why it waits, how it was matched, why it goes back.
  reason text not null,
  evidence text,
  -- User names; matched_by '系统' when its remark and amount said it all.
  made_by text not null,
  matched_by text,
  confirmed_by text,
  pass_no text,
  passed_on date,
  -- Who asked for passing on or for the return: another one agrees.
  asked_by text,
  closed_by text,
  created_at timestamptz not null,
  version integer not null,
  check ((state in ('待认领', '退回待复核', '已退回')) = (order_id is null))
);
-- The same line of a statement is one transfer, however often it is imported.
create unique index transfer_once on transfer (payee_acct, value_date, bank_serial);
create unique index transfer_order on transfer (order_id);
create index transfer_state on transfer (state, value_date, id);

create table transfer_event (
  transfer_id uuid not null references transfer (id),
  seq integer not null,
  at timestamptz not null,
  actor text not null,
  event text not null,
  state_before text not null,
  state_after text not null,
  text text not null,
  primary key (transfer_id, seq)
);
create trigger transfer_event_append_only before update or delete or truncate on transfer_event
  for each statement execute function refuse_change();
