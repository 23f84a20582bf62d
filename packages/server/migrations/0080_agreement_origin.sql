-- Where an agreement comes from: signed on paper and recorded by an officer, signed by the unit online (网签), or taken over.
alter table agreement add column origin text not null default 'takenOver'
  check (origin in ('paper', 'online', 'takenOver'));
-- User name of who recorded or signed it; what an officer recorded another one verifies first.
alter table agreement add column made_by text;
alter table agreement alter column origin drop default;
