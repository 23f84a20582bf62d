import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insurances } from '@shebao/levy';
import { agencies, agencyOf, insurancesOf } from './agency.ts';

test('every insurance belongs to one agency', () => {
  const all = agencies.flatMap((agency) => insurancesOf(agency));
  assert.deepEqual(all.toSorted(), [...insurances].toSorted());
  assert.equal(agencyOf('maternity'), 'medicalInsurance');
  assert.equal(agencyOf('occupationalAnnuity'), 'hrss');
});
