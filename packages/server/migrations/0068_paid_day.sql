-- The three-way control asks for what an authority's orders collected on a day.
create index order_paid_day on payment_order (tax_org, paid_on) where paid_on is not null;
