-- 退库: money that pays no bill goes back to its payer over the channel (1104), once.
create table refund (
  id text primary key,
  case_id text not null references exception_case (id),
  tax_org char(12) not null,
  tre_code char(10) not null,
  ori_tax_vou_no char(18) not null,
  amount_fen bigint not null check (amount_fen > 0),
  reason_code char(2) not null check (reason_code in ('01', '02', '03', '09')),
  payee_bank_no char(12) not null,
  payee_account_id bigint not null references bank_account (id),
  payee_tail text not null,
  payee_name text not null,
  state text not null check (state in
    ('待复核', '待发出', '已发出', '退库中', '已退', '退库失败', '已撤回')),
  draw_back_vou_no char(18),
  tra_no char(8),
  entrust_date date,
  msg_id char(20),
  reason text not null,
  asked_by text not null,
  confirmed_by text,
  result_code text,
  add_word text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  version integer not null
);
-- One payout of a case at a time; after a final refusal or a withdrawal there may be another.
create unique index refund_live on refund (case_id) where state not in ('退库失败', '已撤回');
create unique index refund_voucher on refund (draw_back_vou_no) where draw_back_vou_no is not null;
create unique index refund_identity on refund (tax_org, entrust_date, tra_no) where tra_no is not null;
create unique index refund_message on refund (msg_id) where msg_id is not null;

create table refund_event (
  refund_id text not null references refund (id),
  seq integer not null,
  at timestamptz not null,
  actor text not null,
  event text not null,
  state_before text not null,
  state_after text not null,
  text text not null,
  primary key (refund_id, seq)
);
create trigger refund_event_append_only before update or delete or truncate on refund_event
  for each statement execute function refuse_change();
