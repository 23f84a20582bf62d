import type { TestContext } from 'node:test';
import * as contract from '@shebao/contract';
import { type TestService, testService } from '../../testing.ts';

export const ours = '91330106MA00000017';
export const others = '91330106MA00000025';
export const unitOf = { [ours]: '330100001', [others]: '330100002' };

/** The service with two taxpayers of one unit each. */
export async function registered(t: TestContext): Promise<TestService> {
  const s = await testService(t);
  const officer = await s.officer('register');
  for (const [taxpayerId, unitNo] of Object.entries(unitOf)) {
    await officer.call(contract.registerTaxpayer, { body: { taxpayerId, name: '单位' } });
    await officer.call(contract.registerUnit, {
      params: { taxpayerId },
      body: {
        unitNo,
        name: '单位',
        region: '330106',
        unitKind: 'enterprise',
        fundingType: 'none',
        unitSize: 'medium',
        riskClass: 2,
        insurances: ['enterprisePension'],
      },
    });
  }
  return s;
}
