-- A payout knows who asked only by name: payment does not depend on applications.
drop index refund_part_live;
drop index refund_application_parts;
alter table refund drop constraint refund_application_id_fkey;
alter table refund alter column application_id type text using application_id::text;
create unique index refund_part_live on refund (application_id, ori_tax_vou_no)
  where application_id is not null and state not in ('退库失败', '已撤回');
create index refund_application_parts on refund (application_id) where application_id is not null;

-- What an application comes to is known once its lines are stored, so they come first.
alter table refund_line alter constraint refund_line_application_id_fkey
  deferrable initially deferred;
