-- Who may do what. Names of users are their own; passwords are kept as argon2id only.

create table app_user (
  id uuid primary key,
  realm text not null check (realm in ('employer', 'office')),
  -- 纳税人识别号; officers have none.
  taxpayer_id text check ((realm = 'employer') = (taxpayer_id is not null)),
  user_name text not null,
  display_name text not null,
  -- Has every function for every unit of the taxpayer, also for units registered later.
  administrator boolean not null default false,
  active boolean not null default true,
  password_hash text not null,
  password_set_at timestamptz not null,
  -- Earlier hashes, newest first, for profiles that bar reuse.
  former_hashes text[] not null default '{}',
  -- Set while the password is the issued one, which must be changed before anything else.
  initial_until timestamptz,
  ever_changed boolean not null default false,
  created_at timestamptz not null
);
create unique index app_user_employer on app_user (taxpayer_id, user_name) where realm = 'employer';
create unique index app_user_administrator on app_user (taxpayer_id) where administrator;
create unique index app_user_office on app_user (user_name) where realm = 'office';

create table unit_grant (
  unit_no text not null,
  user_id uuid not null references app_user (id),
  functions text[] not null,
  primary key (unit_no, user_id)
);
create index unit_grant_by_user on unit_grant (user_id);

create table office_role (
  user_id uuid not null references app_user (id),
  role text not null,
  primary key (user_id, role)
);
-- 系统管理员, 安全管理员 and 审计管理员 are three people.
create unique index office_role_exclusive on office_role (user_id)
  where role in ('systemAdmin', 'securityAdmin', 'auditor');

create table user_session (
  token_hash bytea primary key,
  user_id uuid not null references app_user (id),
  csrf_token text not null,
  -- Times of the machine, not of business: a demo world's clock says nothing about a session's age.
  begun_at timestamptz not null,
  seen_at timestamptz not null
);
create index user_session_by_user on user_session (user_id);

-- 安全认证 asked again for one operation: valid once, for what it was given for.
create table reauthentication (
  token_hash bytea primary key,
  user_id uuid not null references app_user (id),
  operation text not null,
  operation_hash text not null,
  valid_until timestamptz not null
);

create table api_token (
  id uuid primary key,
  token_hash bytea not null unique,
  taxpayer_id text not null,
  label text not null,
  functions text[] not null,
  unit_nos text[] not null,
  created_by uuid not null references app_user (id),
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_by_taxpayer on api_token (taxpayer_id, created_at);

-- The link by which the first officer of an empty installation signs up.
create table office_setup (
  token_hash bytea primary key,
  created_at timestamptz not null,
  used_at timestamptz
);
