-- The key that signs documents: private part encrypted, certificate in clear. The newest signs.
CREATE TABLE signing_key (
  id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  private_cipher bytea NOT NULL,
  certificate    bytea NOT NULL,
  created_at     timestamptz NOT NULL
);
