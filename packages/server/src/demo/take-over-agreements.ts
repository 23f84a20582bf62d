import { assert, ok } from '@shebao/kernel';
import { taxpayerByNo } from '../employer/index.ts';
import { takeOverAgreement } from '../payment/index.ts';
import type { Command, FieldCrypto } from '../platform/index.ts';
import { policyFor } from '../policy/index.ts';
import { planDemoWorld } from './plan.ts';

interface Input {
  readonly date: string;
  readonly taxpayerId: string;
}

/** Takes over a taxpayer's debit agreements as valid on both sides; those held are left alone. */
export function takeOverAgreements(
  crypto: FieldCrypto,
): Command<Input, { readonly agreements: number }> {
  return {
    name: 'demo.takeOverAgreements',
    chain: (input) => `taxpayer:${input.taxpayerId}`,
    describe: (input, output) => ({ subject: input.taxpayerId, detail: { ...output } }),
    async run(tx, { date, taxpayerId }, { at }) {
      const known = await taxpayerByNo(tx.q, taxpayerId);
      assert(known, `demo taxpayer ${taxpayerId} is not registered`);
      const taxpayers = planDemoWorld(date, policyFor('330100'));
      const planned = taxpayers.find((taxpayer) => taxpayer.taxpayerId === taxpayerId);
      assert(planned, `no demo taxpayer ${taxpayerId}`);
      for (const { protocolNo, bankName, account, ...bank } of planned.agreements) {
        const { openingBankNo, clearingBankNo } = bank;
        const details = { protocolNo, bankName, openingBankNo, clearingBankNo, account };
        const agreement = {
          taxpayerId,
          taxpayerName: known.name,
          taxOrg: '133010000000',
          holder: known.name,
          ...details,
        };
        await takeOverAgreement(tx, agreement, { at, crypto });
      }
      return ok({ agreements: planned.agreements.length });
    },
  };
}
