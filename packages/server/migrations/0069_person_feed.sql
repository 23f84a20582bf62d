-- Payment results per person go back to 人社 and 医保: an append-only feed for each, read by cursor, receipted.

-- One row an agency: the lock under which its feed grows, so that a cursor never skips an entry.
create table person_feed_head (
  agency text primary key check (agency in ('hrss', 'medicalInsurance')),
  last_seq bigint not null
);
insert into person_feed_head (agency, last_seq) values ('hrss', 0), ('medicalInsurance', 0);

-- A paid month of a person and insurance, or its correction with the opposite sign. What a declaration's entries add up
-- to is what stands paid.
create table person_feed (
  agency text not null references person_feed_head (agency),
  seq bigint not null,
  event text not null check (event in ('paid', 'undone', 'refunded')),
  at timestamptz not null,
  unit_id integer not null,
  declaration_id uuid not null,
  person_id bigint not null,
  insurance text not null,
  period integer not null,
  wage_fen bigint not null,
  base_fen bigint not null,
  employer_fen bigint not null,
  employee_fen bigint not null,
  paid_on date,
  tax_vou_no text,
  primary key (agency, seq)
);
create index person_feed_declaration on person_feed (unit_id, declaration_id, agency);
create trigger person_feed_append_only before update or delete or truncate on person_feed
  for each statement execute function refuse_change();

-- Read receipts: ranges of the feed that the agency has booked with its people.
create table person_feed_receipt (
  agency text not null references person_feed_head (agency),
  from_seq bigint not null,
  to_seq bigint not null check (to_seq >= from_seq),
  at timestamptz not null,
  receipted_by text not null,
  -- By cursor: everything since the receipt before; else a single entry.
  by_cursor boolean not null,
  primary key (agency, from_seq, to_seq)
);
create index person_feed_receipt_to on person_feed_receipt (agency, to_seq);
create trigger person_feed_receipt_append_only before update or delete or truncate
  on person_feed_receipt for each statement execute function refuse_change();
