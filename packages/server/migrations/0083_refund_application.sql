-- 退费申请: a unit asks back months that were levied too much, paid, and are in the treasury.

-- How much of an overpayment applications have taken up; a refused or withdrawn one gives it back.
alter table overpayment add column claimed_fen bigint not null default 0
  check (claimed_fen between 0 and -amount_fen);

-- What was paid back of a bill, by applications.
alter table bill add column refunded_fen bigint not null default 0
  check (refunded_fen between 0 and amount_fen + late_fee_fen);

create table refund_application (
  id uuid primary key,
  unit_id integer not null references unit (id),
  -- Counts within the unit, from 1.
  application_seq integer not null,
  application_no text not null unique,
  unit_no text not null,
  unit_name text not null,
  taxpayer_id text not null,
  taxpayer_name text not null,
  tax_org char(12) not null,
  agency text not null check (agency in ('hrss', 'medicalInsurance')),
  from_period integer not null,
  to_period integer not null check (to_period between from_period and from_period + 5),
  people integer not null,
  amount_fen bigint not null check (amount_fen > 0),
  reason_code char(2) not null check (reason_code in ('01', '02', '03', '09')),
  reason text not null,
  payee_bank_no char(12) not null,
  payee_account_id bigint not null references bank_account (id),
  payee_tail text not null,
  payee_name text not null,
  state text not null check (state in
    ('审核中', '待复核', '退库中', '退库失败', '已退', '不予通过', '已撤回')),
  -- Why it was refused, or what hinders the payout; in the officer's or the treasury's words.
  opinion text not null,
  -- User names.
  made_by text not null,
  accepted_by text,
  approved_by text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  version integer not null,
  unique (unit_id, application_seq)
);
-- The next one waits for the end of the one before.
create unique index refund_application_open on refund_application (unit_id)
  where state in ('审核中', '待复核', '退库中', '退库失败');
create index refund_application_state on refund_application (state, created_at);

create table refund_application_event (
  application_id uuid not null references refund_application (id),
  seq integer not null,
  at timestamptz not null,
  actor text not null,
  event text not null,
  state_before text not null,
  state_after text not null,
  text text not null,
  primary key (application_id, seq)
);
create trigger refund_application_event_append_only
  before update or delete or truncate on refund_application_event
  for each statement execute function refuse_change();

-- One overpaid month of one insurance and payer, and the payment it came with. person_id 0: the
-- unit's share on total payroll.
create table refund_line (
  application_id uuid not null references refund_application (id),
  line_no integer not null,
  unit_id integer not null,
  -- The declaration with which the overpayment was recorded.
  overpayment_no integer not null,
  person_id bigint not null,
  insurance text not null,
  payer text not null check (payer in ('employer', 'employee')),
  period integer not null,
  wage_fen bigint not null,
  base_fen bigint not null,
  rate_ppm integer not null,
  amount_fen bigint not null check (amount_fen > 0),
  bill_id uuid not null,
  tax_vou_no char(18) not null,
  paid_on date not null,
  primary key (unit_id, application_id, line_no)
);
create index refund_line_bill on refund_line (unit_id, bill_id);
create index refund_line_application on refund_line (application_id);
create trigger refund_line_append_only before update or delete or truncate on refund_line
  for each statement execute function refuse_change();

-- A payout belongs to a closed case or to an application: there, one for each 税票号码.
alter table refund alter column case_id drop not null;
alter table refund add column application_id uuid references refund_application (id);
alter table refund add constraint refund_origin check ((case_id is null) <> (application_id is null));
create unique index refund_part_live on refund (application_id, ori_tax_vou_no)
  where application_id is not null and state not in ('退库失败', '已撤回');
create index refund_application_parts on refund (application_id) where application_id is not null;
