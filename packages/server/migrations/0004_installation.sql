-- Which keys this database was made with: a start with other keys is refused before it does harm.
create table installation (
  only_row boolean primary key default true check (only_row),
  key_check bytea not null,
  newest_key integer not null
);
