import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assess.ts';
import { boundsFor } from './base.ts';
import { assessMonth } from './columnar.ts';
import { settlementDueOn } from './due.ts';
import { explain } from './explain.ts';
import { explainText } from './explain-text.ts';
import { knownPolicy as policy } from './packs.ts';
import { m, must, yuan } from './testing.ts';
import type { AssessPerson } from './types.ts';

const unit = { region: '440300', unitKind: 'enterprise', fundingType: 'none' } as const;
const wage = yuan('10000');
const person = (supplements: readonly string[]): AssessPerson => ({
  id: supplements.join(),
  enrolments: [{ insurance: 'enterprisePension', from: m('2024-08') }],
  wages: [{ effective: m('2024-08'), wageFen: wage }],
  supplements,
});
const assessed = (groups: readonly string[]) =>
  must(assess({ policy, unit, people: [person(groups)], current: m('2024-08') })).lines;

test('a local supplement stands on the employer’s share of those who bear it', () => {
  const [plain, own] = assessed([]);
  const [local, alsoOwn] = assessed(['localHukou']);
  assert.equal(local?.ratePpm, (plain?.ratePpm ?? 0) + 10_000);
  assert.equal((local?.amountFen ?? 0) - (plain?.amountFen ?? 0), 10_000, '1 % of 10,000 yuan');
  assert.equal(alsoOwn?.amountFen, own?.amountFen, 'the person’s own share stays');
  assert.ok(local?.ruleIds.includes('sz-local-supplement-pension'));
  assert.deepEqual(assessed(['another group'])[0]?.amountFen, plain?.amountFen);
});

test('columns and lines agree on it', () => {
  const input = {
    policy,
    unit,
    period: m('2024-08'),
    insurances: ['enterprisePension'] as const,
    wagesFen: Int32Array.of(wage),
  };
  for (const supplements of [[], ['localHukou']]) {
    const columns = must(assessMonth({ ...input, supplements }));
    const lines = assessed(supplements);
    assert.deepEqual(
      columns.map((column) => [column.ratePpm, column.amountFen[0]]),
      lines.map((line) => [line.ratePpm, line.amountFen]),
    );
  }
});

test('it explains itself, and without it the line would not follow from the rules', () => {
  const [line] = assessed(['localHukou']);
  assert.ok(line);
  const told = must(explain({ policy, unit, line, supplements: ['localHukou'] }));
  assert.ok(told.consistent);
  assert.ok(explainText(told).some((text) => text.startsWith('地方补充，费率另加1%')));
  assert.ok(!must(explain({ policy, unit, line })).consistent);
});

test('differences that late bounds cause bear no fee until the day that the region states', () => {
  const due = (region: string, month: string, day: string) =>
    settlementDueOn(policy, region, 'enterprisePension', m(month), day);
  assert.equal(due('320000', '2025-02', '2025-09-30'), '2025-12-31');
  assert.equal(due('110000', '2025-08', '2025-09-25'), '2025-12-31');
  assert.equal(due('110000', '2025-08', '2026-01-31'), '2026-01-31', 'never brought forward');
  assert.equal(due('330100', '2025-02', '2025-09-30'), '2025-09-30', 'nothing stated');
  assert.equal(must(boundsFor(policy, '320000', 'medical', m('2023-05'))).settleBy, null);
});
