-- The employer's copy of the registry: what wages and contributions are declared on.
CREATE TABLE roster_person (
  unit_id    integer NOT NULL,
  person_id  bigint NOT NULL,
  name       text NOT NULL,
  spells     integer[] NOT NULL CHECK (cardinality(spells) % 3 = 0 AND cardinality(spells) > 0),
  first_month integer NOT NULL,
  is_open    boolean NOT NULL,
  arrived_on date NOT NULL,
  PRIMARY KEY (unit_id, person_id)
);

CREATE TABLE roster_unit (
  unit_id    integer PRIMARY KEY REFERENCES unit (id),
  -- The registry's revision that the copy holds.
  revision   bigint NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE roster_update (
  id          uuid PRIMARY KEY,
  taxpayer_id text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('full', 'incremental')),
  state       text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  failure     text,
  added       integer NOT NULL DEFAULT 0,
  changed     integer NOT NULL DEFAULT 0,
  stopped     integer NOT NULL DEFAULT 0
);
CREATE INDEX roster_update_taxpayer ON roster_update (taxpayer_id, started_at DESC);
-- One update at a time for a taxpayer.
CREATE UNIQUE INDEX roster_update_running ON roster_update (taxpayer_id) WHERE state = 'running';

-- Which units an update covers, and which are done: a repeated task skips those.
CREATE TABLE roster_update_unit (
  update_id uuid NOT NULL REFERENCES roster_update (id),
  unit_id   integer NOT NULL REFERENCES unit (id),
  done_at   timestamptz,
  PRIMARY KEY (update_id, unit_id)
);

CREATE TABLE roster_change (
  unit_id     integer NOT NULL,
  update_id   uuid NOT NULL,
  seq         integer NOT NULL,
  person_id   bigint NOT NULL,
  name        text NOT NULL,
  change_type text NOT NULL CHECK (change_type IN ('新增', '变更', '停止')),
  field       text NOT NULL,
  before      text NOT NULL,
  after       text NOT NULL,
  PRIMARY KEY (unit_id, update_id, seq)
);
