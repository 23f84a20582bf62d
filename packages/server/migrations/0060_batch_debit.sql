-- Batch debit: the unit's choice of mode, batches of two officers, packs (1102), stop notices (1123).

alter table payment_order drop constraint payment_order_way_check;
alter table payment_order add constraint payment_order_way_check
  check (way in ('agreement', 'voucher', 'batch', 'transfer'));

-- A line of a pack is sent by its pack, under the pack's MsgID.
alter table attempt add column pack_no char(8);
alter table attempt drop constraint attempt_msg_id_key;
create unique index attempt_message on attempt (msg_id) where pack_no is null;
create index attempt_pack on attempt (tax_org, entrust_date, pack_no) where pack_no is not null;
create index attempt_pack_unlisted on attempt (tax_org, entrust_date)
  where msg_no = '1102' and recon_date is null;

-- 自行申报缴费 or 批量扣款: every choice stays, the latest one whose month has come counts.
create table payment_mode (
  unit_id integer not null,
  seq integer not null,
  unit_no text not null,
  taxpayer_id text not null,
  mode text not null check (mode in ('self', 'batch')),
  agreement_id bigint references agreement (id),
  effective_month integer not null,
  chosen_by text not null,
  chosen_at timestamptz not null,
  primary key (unit_id, seq),
  check ((mode = 'batch') = (agreement_id is not null))
);
create index payment_mode_taxpayer on payment_mode (taxpayer_id);
create trigger payment_mode_append_only before update or delete or truncate on payment_mode
  for each statement execute function refuse_change();

-- What one officer puts together and another one releases.
create table debit_batch (
  id uuid primary key,
  state text not null check (state in ('待复核', '已发出', '已取消')),
  return_term smallint not null check (return_term between 0 and 5),
  made_by text not null,
  made_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  version integer not null,
  check (state <> '已发出' or decided_by <> made_by)
);
create index debit_batch_made on debit_batch (made_at desc);

create table debit_batch_line (
  unit_id integer not null,
  batch_id uuid not null references debit_batch (id),
  bill_id uuid not null,
  unit_no text not null,
  unit_name text not null,
  agreement_id bigint,
  bill_version integer not null,
  amount_fen bigint not null check (amount_fen > 0),
  state text not null check (state in ('待发出', '已发出', '未列入')),
  -- Why it is left out.
  reason text,
  version integer not null,
  primary key (unit_id, batch_id, bill_id)
);
create index debit_batch_line_batch on debit_batch_line (batch_id);

create table debit_pack (
  id text primary key,
  batch_id uuid not null references debit_batch (id),
  tax_org char(12) not null,
  entrust_date date not null,
  pack_no char(8) not null,
  return_term smallint not null check (return_term between 0 and 5),
  clearing_bank_no char(12) not null,
  opening_bank_no char(12) not null,
  bank_name text not null,
  state text not null check (state in
    ('NEW', 'SENT', 'RECEIVED', 'ANSWERED', 'OVERDUE', 'REFUSED', 'NOT_SENT')),
  msg_id char(20) not null unique,
  line_count integer not null check (line_count between 1 and 1000),
  amount_fen bigint not null check (amount_fen > 0),
  result_code text,
  add_word text,
  sent_at timestamptz,
  answered_at timestamptz,
  created_at timestamptz not null,
  version integer not null,
  unique (tax_org, entrust_date, pack_no)
);
create index debit_pack_batch on debit_pack (batch_id);

-- 止付申请 for a pack, or for one line of it.
create table debit_stop (
  id uuid primary key,
  pack_id text not null references debit_pack (id),
  attempt_id text,
  tax_org char(12) not null,
  stop_date date not null,
  stop_no char(8) not null,
  msg_id char(20) not null unique,
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('已申请', '已止付', '未能止付', '未发出')),
  add_word text,
  answered_at timestamptz,
  version integer not null,
  unique (tax_org, stop_date, stop_no)
);
create index debit_stop_pack on debit_stop (pack_id);
