-- Up to where each chain is sealed, so that a seal names only the heads that moved.
alter table audit_head add column sealed_seq bigint not null default 0;
create index audit_head_unsealed on audit_head (chain) where sealed_seq < seq;

-- The log is read newest first.
drop index audit_entry_by_time;
create index audit_entry_by_time on audit_entry (at);
