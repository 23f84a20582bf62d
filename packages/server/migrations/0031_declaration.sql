-- A declaration of contributions (社保费申报): one row a submission, several a month are normal.
CREATE TABLE declaration (
  unit_id           integer NOT NULL REFERENCES unit (id),
  -- Counts within the unit, from 1.
  declaration_no    integer NOT NULL,
  id                uuid NOT NULL UNIQUE,
  declared_at       timestamptz NOT NULL,
  declared_on       date NOT NULL,
  status            text NOT NULL CHECK (status IN
    ('待反馈', '全部申报成功', '全部申报失败', '作废中', '已作废')),
  failure_code      text,
  failure           text,
  -- What the submitter saw; the dues computed under the unit's lock must be the same.
  expected_version  text NOT NULL,
  expected_total_fen bigint NOT NULL,
  policy_version    text,
  -- The current period then, and the insurances whose months through it are now declared.
  through_period    integer NOT NULL,
  -- The first month that was open for everybody; later than through_period: none was.
  open_from         integer,
  covers            text[] NOT NULL DEFAULT '{}',
  period_from       integer NOT NULL,
  period_to         integer NOT NULL,
  people            integer NOT NULL DEFAULT 0,
  amount_fen        bigint NOT NULL DEFAULT 0,
  late_fee_fen      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (unit_id, declaration_no)
);
-- At most one submission or void of a unit is being processed.
CREATE UNIQUE INDEX declaration_pending ON declaration (unit_id)
  WHERE status IN ('待反馈', '作废中');

-- 单位编号 × 征收品目 × period × 业务类型 × due date.
CREATE TABLE declaration_item (
  unit_id        integer NOT NULL,
  declaration_no integer NOT NULL,
  item_no        smallint NOT NULL,
  insurance      text NOT NULL,
  payer          text NOT NULL CHECK (payer IN ('employer', 'employee')),
  period         integer NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('current', 'backPay', 'topUp')),
  due_date       date NOT NULL,
  -- Levied on the unit's total payroll: there are no person lines behind it.
  aggregate      boolean NOT NULL,
  provisional    boolean NOT NULL,
  people         integer NOT NULL,
  base_fen       bigint NOT NULL,
  rate_ppm       integer NOT NULL,
  amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
  late_fee_fen   bigint NOT NULL CHECK (late_fee_fen >= 0),
  PRIMARY KEY (unit_id, declaration_no, item_no)
);

-- The people behind an item. amount_fen is what this declaration adds (the difference of a 补差).
-- No foreign keys: the rows come by COPY, the checker proves the sums.
CREATE TABLE declaration_line (
  unit_id        integer NOT NULL,
  declaration_no integer NOT NULL,
  item_no        smallint NOT NULL,
  person_id      bigint NOT NULL,
  wage_fen       bigint NOT NULL,
  base_fen       bigint NOT NULL,
  amount_fen     bigint NOT NULL,
  PRIMARY KEY (unit_id, declaration_no, item_no, person_id)
);

-- 多缴: levied too much in earlier, paid declarations; found and recorded with a declaration, not
-- part of it. amount_fen is negative; person_id 0: the aggregate line of the unit.
CREATE TABLE overpayment (
  unit_id        integer NOT NULL,
  declaration_no integer NOT NULL,
  person_id      bigint NOT NULL,
  insurance      text NOT NULL,
  payer          text NOT NULL CHECK (payer IN ('employer', 'employee')),
  period         integer NOT NULL,
  wage_fen       bigint NOT NULL,
  base_fen       bigint NOT NULL,
  rate_ppm       integer NOT NULL,
  amount_fen     bigint NOT NULL CHECK (amount_fen < 0),
  PRIMARY KEY (unit_id, declaration_no, insurance, payer, period, person_id)
);

-- History taken over from the former system: levied and paid, one row for a run of equal months.
-- person_id 0: the aggregate line of the unit. Wage, base and amount are those of one month.
CREATE TABLE levied_span (
  unit_id      integer NOT NULL REFERENCES unit (id),
  person_id    bigint NOT NULL,
  insurance    text NOT NULL,
  payer        text NOT NULL CHECK (payer IN ('employer', 'employee')),
  from_period  integer NOT NULL,
  to_period    integer NOT NULL CHECK (to_period >= from_period),
  people       integer NOT NULL,
  wage_fen     bigint NOT NULL,
  base_fen     bigint NOT NULL,
  rate_ppm     integer NOT NULL,
  amount_fen   bigint NOT NULL,
  collected_by text NOT NULL,
  PRIMARY KEY (unit_id, person_id, insurance, payer, from_period)
);

-- Months through here were levied before take-over, by insurance: what a unit's first declaration
-- here follows on.
CREATE TABLE levied_through (
  unit_id        integer NOT NULL REFERENCES unit (id),
  insurance      text NOT NULL,
  through_period integer NOT NULL,
  PRIMARY KEY (unit_id, insurance)
);
