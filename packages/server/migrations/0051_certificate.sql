-- Issued certificates with their very bytes: a reprint is the same document.
CREATE TABLE certificate (
  taxpayer_id    text NOT NULL,
  id             uuid NOT NULL UNIQUE,
  certificate_no text NOT NULL UNIQUE,
  kind           text NOT NULL CHECK (kind IN ('unit', 'person')),
  state          text NOT NULL CHECK (state IN ('reserved', 'issued', 'superseded', 'revoked')),
  issued_at      timestamptz NOT NULL,
  issued_on      date NOT NULL,
  -- What was asked for: the same id with another request is refused.
  request_hash   text NOT NULL,
  -- Keyed hash of the verification code; the code itself stands only on the document.
  code_hash      bytea NOT NULL,
  -- What the public page tells: masked holder, periods, insurances.
  holder         text NOT NULL DEFAULT '',
  periods        text NOT NULL DEFAULT '',
  insurances     text[] NOT NULL DEFAULT '{}',
  total_fen      bigint NOT NULL DEFAULT 0,
  pdf            bytea,
  sha256         text NOT NULL DEFAULT '',
  sm3            text NOT NULL DEFAULT '',
  page_texts     text[] NOT NULL DEFAULT '{}',
  prints         integer NOT NULL DEFAULT 0,
  verified       integer NOT NULL DEFAULT 0,
  PRIMARY KEY (taxpayer_id, id),
  CHECK (state = 'reserved' OR pdf IS NOT NULL)
);
