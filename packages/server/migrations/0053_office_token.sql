-- Bearer tokens of 人社 and 医保 for their feed: made by the security officer for an agency's user, never for anything else.
CREATE TABLE office_token (
  id           uuid PRIMARY KEY,
  token_hash   bytea NOT NULL UNIQUE,
  user_id      uuid NOT NULL REFERENCES app_user (id),
  label        text NOT NULL,
  created_by   uuid NOT NULL REFERENCES app_user (id),
  created_at   timestamptz NOT NULL,
  revoked_at   timestamptz
);
CREATE INDEX office_token_user ON office_token (user_id);
