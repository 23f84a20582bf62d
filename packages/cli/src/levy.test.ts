import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { type AmountRounding, fen, formatRate, formatYuan, ppm, shareOf } from '@shebao/kernel';
import { knownPolicy } from '@shebao/levy/packs';
import fc from 'fast-check';
import { answerLine, answerStream } from './levy.ts';

const context = { policy: knownPolicy, today: '2021-03-10' };

type Answer = Readonly<Record<string, unknown>>;

function ask(question: Answer): Answer {
  return JSON.parse(answerLine(JSON.stringify(question), context)) as Answer;
}

test('amounts in every rounding, with fixed amounts, in any size', () => {
  const amount = (question: Answer) => ask({ ask: 'amount', ...question }).amount;
  assert.equal(amount({ base: '3321.60', rate: '0.16' }), '531.46');
  assert.equal(amount({ base: '3321.60', rate: '0.16', fixed: '3' }), '534.46');
  assert.equal(amount({ base: '3321.60', rate: '0.16', rounding: 'jiaoHalfUp' }), '531.50');
  assert.equal(amount({ base: '3321.60', rate: '0.16', rounding: 'jiaoCeil' }), '531.50');
  assert.equal(amount({ base: '3321.60', rate: '0.16', rounding: 'yuanHalfUp' }), '531.00');
  assert.equal(amount({ base: '3321.60', rate: '0.16', rounding: 'yuanCeil' }), '532.00');
  assert.equal(amount({ base: '0.005', rate: '1' }), '0.01');
  assert.equal(amount({ base: '123456789012345678', rate: '0.16' }), '19753086241975308.48');
  assert.equal(amount({ base: '1000', rate: '0.00000049' }), '0.00');
  assert.equal(amount({ base: '1000', rate: '0.000005' }), '0.01');
});

test('the quick way and the general way to an amount agree', () => {
  const roundings: AmountRounding[] = [
    'fenHalfUp',
    'jiaoHalfUp',
    'jiaoCeil',
    'yuanHalfUp',
    'yuanCeil',
  ];
  fc.assert(
    fc.property(
      fc.nat(9_000_000_000),
      fc.nat(1_500_000),
      fc.constantFrom(...roundings),
      (base, rate, rounding) => {
        const question = {
          ask: 'amount',
          base: formatYuan(fen(base)),
          rate: formatRate(ppm(rate)),
        };
        const expected = (mode: AmountRounding) => formatYuan(shareOf(fen(base), ppm(rate), mode));
        assert.equal(ask(question).amount, expected('fenHalfUp'));
        assert.equal(ask({ ...question, rounding }).amount, expected(rounding));
        assert.equal(ask({ ...question, fixed: '0' }).amount, expected('fenHalfUp'));
      },
    ),
    { numRuns: 500 },
  );
});

test('bases within given and published bounds', () => {
  const base = (question: Answer) => {
    const answer = ask({ ask: 'base', ...question });
    return [answer.base, answer.clamped];
  };
  const given = { floor: '3321.60', cap: '17880.75' };
  assert.deepEqual(base({ wage: '2000', ...given }), ['3321.60', 'floor']);
  assert.deepEqual(base({ wage: '20000', ...given }), ['17880.75', 'cap']);
  assert.deepEqual(base({ wage: '8250.50', ...given }), ['8251.00', null]);
  assert.deepEqual(base({ wage: '8250.45', ...given, rounding: 'jiaoThenYuan' }), [
    '8251.00',
    null,
  ]);
  assert.deepEqual(base({ wage: '8250.45', ...given, rounding: 'none' }), ['8250.45', null]);
  assert.deepEqual(base({ wage: '8255', ...given, rounding: 'tenYuanHalfUp' }), ['8260.00', null]);
  assert.deepEqual(base({ wage: '8250.4999', ...given }), ['8250.00', null]);
  assert.deepEqual(base({ wage: '8250.4499', ...given, rounding: 'jiaoThenYuan' }), [
    '8250.00',
    null,
  ]);
  assert.deepEqual(base({ wage: '8254.9999', ...given, rounding: 'tenYuanHalfUp' }), [
    '8250.00',
    null,
  ]);
  assert.deepEqual(base({ wage: '8250.455', ...given, rounding: 'none' }), ['8250.46', null]);
  const known = { region: '330100', insurance: 'institutionPension', period: '2021-03' };
  assert.deepEqual(base({ wage: '2000', ...known, asOf: '2021-03-10' }), ['3321.60', 'floor']);
  assert.deepEqual(base({ wage: '2000', ...known }), ['3957.00', 'floor']);
  const shanghai = { region: '310101', insurance: 'medical', period: '2021-03' };
  assert.deepEqual(base({ wage: '8000.45', ...shanghai }), ['8001.00', null]);
  assert.deepEqual(base({ wage: '8000.45', ...shanghai, rounding: 'yuanHalfUp' }), [
    '8000.00',
    null,
  ]);
});

test('bounds, rates and what is missing', () => {
  const bounds = ask({
    ask: 'bounds',
    region: '330106',
    insurance: 'occupationalAnnuity',
    period: '2021-03',
    asOf: '2021-03-10',
  });
  assert.deepEqual(
    [bounds.floor, bounds.cap, bounds.from, bounds.to, bounds.status],
    ['3321.60', '17880.75', '2020-01', '2020-12', 'provisional'],
  );
  assert.match(String(bounds.source), /2020年度缴费基数上下限/);
  const rate = {
    ask: 'rate',
    region: '330100',
    insurance: 'workInjury',
    payer: 'employer',
    period: '2020-03',
  };
  assert.equal(
    ask({ ...rate, riskClass: 3, unitSize: 'large', floatFactor: '1.2', stagedCut: '0.2' }).rate,
    '0.00336',
  );
  assert.equal(ask({ ...rate, riskClass: '3', unitSize: 'small' }).rate, '0');
  assert.equal(ask({ ...rate, baseRate: '0.01', unitKind: 'institution' }).rate, '0.01');
  assert.deepEqual(
    ask({
      id: 'q',
      ask: 'rate',
      region: '330300',
      insurance: 'medical',
      payer: 'employer',
      period: '2021-03',
    }),
    {
      id: 'q',
      ok: false,
      code: 'POLICY_MISSING',
      detail: '330300 medical 2021-03 没有费率，也没有可以沿用的',
      region: '330300',
      insurance: 'medical',
      period: '2021-03',
      part: 'rate',
      payer: 'employer',
    },
  );
});

test('late fees, defaults, due days, retirement, numbers', () => {
  const fee = (question: Answer) => ask({ ask: 'lateFee', principal: '1000.00', ...question });
  assert.deepEqual(fee({ from: '2011-06-29', to: '2011-07-02' }), {
    id: null,
    ok: true,
    days: 4,
    lateFee: '5.00',
    segments: [
      { from: '2011-06-29', to: '2011-06-30', days: 2, dailyRate: '0.002' },
      { from: '2011-07-01', to: '2011-07-02', days: 2, dailyRate: '0.0005' },
    ],
  });
  assert.deepEqual(fee({ days: 10 }), { id: null, ok: true, days: 10, lateFee: '5.00' });
  assert.equal(fee({ days: 10, dailyRate: '0.002' }).lateFee, '20.00');
  assert.equal(fee({ due: '2021-03-31', paid: '2021-06-10' }).days, 71);
  assert.equal(fee({ due: '2021-03-31', paid: '2021-06-10', convention: 'hrStyle' }).days, 40);
  assert.equal(ask({ ask: 'default110', oldBase: '5000.45' }).base, '5500.00');
  assert.equal(
    ask({ ask: 'default110', oldBase: '1000', floor: '3321.60', cap: '17880.75' }).base,
    '3321.60',
  );
  assert.equal(ask({ ask: 'default110', previousMonthAmount: '531.46' }).amount, '584.61');
  assert.equal(
    ask({ ask: 'dueDate', month: '2024-06', nominalDay: 15, extend: 'tax109' }).due,
    '2024-06-19',
  );
  assert.equal(
    ask({ ask: 'dueDate', month: '2027-06', nominalDay: 15, extend: 'tax109' }).code,
    'POLICY_MISSING',
  );
  const retired = ask({ ask: 'retirement', birthMonth: '1965-01', kind: 'male60' });
  assert.deepEqual([retired.retirementMonth, retired.delayMonths], ['2025-02', 1]);
  assert.equal(ask({ ask: 'identity', number: '11010519491231002X' }).valid, true);
  assert.deepEqual(ask({ ask: 'identity', number: '110105194912310021' }).reason, 'check');
  assert.equal(ask({ ask: 'creditCode', code: '91350100M000100Y43' }).valid, true);
  assert.equal(ask({ ask: 'creditCode', code: '91350100M000100Y44' }).reason, 'check');
});

test('a stream is answered line by line, in order, however it is cut into chunks', async () => {
  const amount = (id: number, base: string) =>
    JSON.stringify({ id, ask: 'amount', base, rate: '0.5' });
  const text = `${amount(1, '10')}\nnot json 工资\n\n${amount(3, '20')}\r\n${amount(4, '0.01')}`;
  const bytes = Buffer.from(text);
  for (const size of [1, 7, 1000]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    let written = '';
    const output = new Writable({
      highWaterMark: 10,
      write(chunk, _encoding, done) {
        written += String(chunk);
        setImmediate(done);
      },
    });
    const questions = await answerStream(Readable.from(chunks), output, context);
    assert.equal(questions, 4);
    const answers = written
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as Answer);
    assert.deepEqual(
      answers.map((each) => [each.id, each.ok, each.amount]),
      [
        [1, true, '5.00'],
        [null, false, undefined],
        [3, true, '10.00'],
        [4, true, '0.01'],
      ],
    );
  }
});
