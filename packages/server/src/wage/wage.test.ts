import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen, type Month, monthOf } from '@shebao/kernel';
import {
  judgeWages,
  missingMonths,
  outcomeOf,
  type WageLine,
  type WagePerson,
  type WagePolicy,
  type WageStatus,
  wageStatusAfter,
  wageTransitions,
} from './wage.ts';

const month = (text: string): Month => monthOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
const current = month('2021-03');

/** Base years from January, 2,010 yuan the least. */
const policy: WagePolicy = {
  minimumWage: () => fen(201_000),
  effectiveMonths(start, last) {
    const months = [start];
    for (let year = Math.floor(start / 12) + 1; year * 12 <= last; year += 1) {
      months.push((year * 12) as Month);
    }
    return months;
  },
  baseYearStart: (each) => (Math.floor(each / 12) * 12) as Month,
};

function person(from: string, other: Partial<WagePerson> = {}): WagePerson {
  const enrolments = [{ from: month(from), to: null }];
  const common = { personId: '1', name: '王小明', historyBefore: null, wageMonths: [] };
  return { ...common, enrolments, ...other };
}

function codes(who: WagePerson, ...lines: readonly (readonly [string, number, string?])[]) {
  const given = lines.map(
    ([effective, yuan, personId = '1']): WageLine => ({
      personId,
      effectiveMonth: month(effective),
      wageFen: fen(yuan * 100),
    }),
  );
  const verdicts = judgeWages(given, new Map([['1', who]]), policy, current);
  return verdicts.map(({ code, reason }) => (code === 'WAGE_YEAR_ORDER' ? reason : code));
}

test('somebody insured since 2019-04 declares 2019, 2020 and 2021 in order, also in one go', () => {
  const who = person('2019-04');
  assert.deepEqual(
    missingMonths(who, policy, current),
    ['2019-04', '2020-01', '2021-01'].map(month),
  );
  assert.deepEqual(codes(who, ['2021-01', 9000], ['2019-04', 6000], ['2020-01', 7000]), [
    null,
    null,
    null,
  ]);
  const sentence = '王小明：请按时间顺序申报，先申报 2019年4月 的缴费工资';
  assert.deepEqual(codes(who, ['2020-01', 7000]), [sentence]);
  assert.deepEqual(codes(who, ['2019-04', 6000], ['2021-01', 9000]), [
    null,
    '王小明：请按时间顺序申报，先申报 2020年1月 的缴费工资',
  ]);
  // A year that was refused is still missing for the next.
  assert.deepEqual(codes(who, ['2019-04', 2009.99], ['2020-01', 7000]), [
    'WAGE_BELOW_MINIMUM',
    sentence,
  ]);
});

test('each rule refuses with its code', () => {
  const who = person('2020-06');
  assert.deepEqual(codes(who, ['2020-06', 2010]), [null]);
  assert.deepEqual(codes(who, ['2020-06', 2009]), ['WAGE_BELOW_MINIMUM']);
  assert.deepEqual(codes(who, ['2020-05', 5000]), ['WAGE_NOT_INSURED']);
  assert.deepEqual(codes(who, ['2020-08', 5000]), ['WAGE_MONTH_INVALID']);
  assert.deepEqual(codes(who, ['2020-06', 5000, '2']), ['WAGE_PERSON_UNKNOWN']);
  assert.deepEqual(codes(who, ['2020-06', 5000], ['2020-06', 6000]), [
    'WAGE_DUPLICATE',
    'WAGE_DUPLICATE',
  ]);
});

test('years without a liable month, and years taken over, need no wage', () => {
  const enrolments = [
    { from: month('2019-04'), to: month('2019-12') },
    { from: month('2021-02'), to: null },
  ];
  const back = person('2019-04', { enrolments, wageMonths: [month('2019-04')] });
  assert.deepEqual(missingMonths(back, policy, current), [month('2021-01')]);
  assert.deepEqual(codes(back, ['2021-01', 5000]), [null]);
  assert.deepEqual(codes(back, ['2020-01', 5000]), ['WAGE_NOT_INSURED']);
  const old = person('2014-10', {
    historyBefore: month('2019-01'),
    wageMonths: ['2019-01', '2020-01', '2021-01'].map(month),
  });
  assert.deepEqual(missingMonths(old, policy, current), []);
  assert.deepEqual(codes(old, ['2020-01', 8000]), [null]);
});

test('the status follows from the verdicts, once', () => {
  assert.equal(outcomeOf([{ code: null }]), 'allAccepted');
  assert.equal(outcomeOf([{ code: null }, { code: 'WAGE_DUPLICATE' }]), 'someAccepted');
  assert.equal(outcomeOf([{ code: 'WAGE_DUPLICATE' }]), 'noneAccepted');
  const ends = Object.values(wageTransitions['待反馈'] ?? {});
  assert.deepEqual(ends, ['全部申报成功', '部分申报成功', '全部申报失败'] satisfies WageStatus[]);
  for (const end of ends) assert.equal(wageStatusAfter(end, 'allAccepted'), undefined);
});
