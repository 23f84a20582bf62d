import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen, monthOf } from '@shebao/kernel';
import fc from 'fast-check';
import {
  type CertificateHead,
  certificateTransitions,
  checkCharacter,
  documentNumber,
  personCertificate,
  printedCode,
  typedCode,
  unitCertificate,
  verificationCode,
} from './certificate.ts';

const head: CertificateHead = {
  certificateNo: 'X',
  issuedOn: '2021-03-10',
  issuer: '示例税务局',
  taxpayerName: '示例学校',
  taxpayerId: '12330100470000001X',
  from: monthOf(2021, 3),
  to: monthOf(2021, 3),
  verification: { url: 'http://127.0.0.1/v/X#Y', code: 'Y' },
  sampleSeal: false,
};

test('the check character of ISO 7064 MOD 37,36 finds one wrong character and one transposition', () => {
  // The example of the standard's users: GRid A1-2425G-ABC1234002 has check character M.
  assert.equal(checkCharacter('A12425GABC1234002'), 'M');
  const number = documentNumber('unit', '330100', '2021-03-10', 1);
  const body = number.slice(0, -1);
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.nat(35), (at, other) => {
      const replacement = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[other] ?? '0';
      if (replacement === body[at]) return;
      const changed = body.slice(0, at) + replacement + body.slice(at + 1);
      assert.notEqual(checkCharacter(changed), number.at(-1));
    }),
  );
});

test('a verification code carries all its random bits and forgives how it is typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 17, maxLength: 17 }), (random) => {
      const code = verificationCode(random);
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{26}$/);
      assert.equal(typedCode(` ${printedCode(code).toLowerCase()} `), code);
    }),
  );
  assert.equal(typedCode('oil'), '011');
});

test('a certificate is issued once and never becomes valid again', () => {
  assert.deepEqual(certificateTransitions.superseded, {});
  assert.deepEqual(certificateTransitions.revoked, {});
  const reached = new Set(
    Object.values(certificateTransitions).flatMap((row) => Object.values(row)),
  );
  assert.deepEqual(reached, new Set(['issued', 'superseded', 'revoked']));
});

test('the sum of a unit certificate is that of its lines, late fees included', () => {
  const line = {
    unitNo: '330100000123',
    period: monthOf(2021, 3),
    insurance: 'institutionPension',
    insuranceName: '机关事业单位基本养老保险费',
    levyItem: '机关事业单位基本养老保险(单位缴纳)',
    payer: 'employer',
    people: 40,
    baseFen: fen(100_000_00),
    amountFen: fen(16_000_00),
    lateFeeFen: fen(5),
    status: '已缴款未入库',
    paidOn: '2021-03-10',
    taxVoucherNo: null,
    declarationId: null,
    billRefundedFen: 0,
  } as const;
  const made = unitCertificate(head, [line, line]);
  assert.ok(made.ok);
  assert.equal(made.value.totalFen, 32_000_10);
  assert.equal(made.value.form.sums[6], '32,000.10');
  assert.deepEqual(unitCertificate(head, []), { ok: false, error: 'empty' });
});

test('a certificate of one person names that person in its head', () => {
  const line = {
    personId: '7',
    unitNo: '330100000123',
    period: monthOf(2021, 3),
    insurance: 'occupationalAnnuity',
    insuranceName: '职业年金',
    wageFen: fen(8250_50),
    baseFen: fen(8251_00),
    employerFen: fen(660_08),
    employeeFen: fen(330_04),
    status: '已入库',
    paidOn: '2021-03-10',
    declarationId: null,
    billRefundedFen: 0,
  } as const;
  const people = new Map([
    ['7', { name: '张䶮', documentType: '居民身份证', identityNumber: '330***********1234' }],
  ]);
  const made = personCertificate(head, [line], people);
  assert.ok(made.ok);
  assert.equal(made.value.totalFen, 990_12);
  assert.deepEqual(made.value.form.head[4], ['姓名', '张䶮']);
  assert.deepEqual(personCertificate(head, [], people), { ok: false, error: 'empty' });
});
