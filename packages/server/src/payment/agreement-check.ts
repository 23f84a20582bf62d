import { assert } from '@shebao/kernel';
import {
  ask,
  compact,
  compose,
  noteIncoming,
  noteOutgoing,
  outgoing,
  type Ready,
} from '../treasury/index.ts';
import { accountOf, applyCheckAnswer, moveAgreement } from './agreements.ts';
import type { PaymentPorts } from './ports.ts';
import { agreements } from './tables.ts';

/** Sends a check (9114) that was begun; without an answer the same bytes again, with growing pauses. */
export async function checkAgreement(
  ports: PaymentPorts,
  agreementId: number,
  msgId: string,
  step: number,
): Promise<void> {
  const audit = {
    name: 'payment.checkAgreement',
    chain: 'agency:treasury',
    subject: String(agreementId),
  };
  const ready = await ports.transact(audit, async (store): Promise<Ready | null> => {
    const agreement = await store.of(agreements).get({ id: agreementId }, { lock: true });
    if (!agreement || agreement.checkMsgId !== msgId || isSettled(agreement.state)) return null;
    const kept = await store.of(outgoing).get({ msgId });
    if (kept) return { msgNo: '9114', msgId, bytes: Buffer.from(kept.bytes) };
    assert(agreement.checkDate !== null && agreement.checkNo !== null, 'a check has its numbers');
    const built = compose(ports, {
      msgNo: '9114',
      msgId,
      workDate: compact(agreement.checkDate),
      body: {
        ProveInfo: {
          SendOrgCode: agreement.taxOrg,
          EntrustDate: compact(agreement.checkDate),
          VCNo: agreement.checkNo,
          VCSign: String(agreement.checkSign ?? 0),
          TaxOrgCode: agreement.taxOrg,
          TaxPayName: agreement.taxpayerName,
          TaxPayCode: agreement.taxpayerId,
          PayOpBkCode: agreement.openingBankNo,
          PayBkCode: agreement.clearingBankNo,
          PayAcct: await accountOf(store, agreement),
          HandOrgName: agreement.holder,
          ProtocolNo: agreement.protocolNo,
        },
      },
    });
    if (!built.ok) {
      const refused = agreement.checkSign === 1 ? 'terminationRefused' : 'failed';
      await moveAgreement(store, agreement, refused, built.error.detail);
      return null;
    }
    await noteOutgoing(store, built.value, `agreement:${agreementId}`);
    return built.value;
  });
  if (!ready) return;
  const asking = await ask(ports, ready);
  await ports.transact(audit, async (store) => {
    const agreement = await store.of(agreements).get({ id: agreementId }, { lock: true });
    if (!agreement || agreement.checkMsgId !== msgId) return;
    if (asking.kind === 'answer') {
      await noteIncoming(store, asking.message, 'answer');
      if (asking.message.msgNo === '9115') {
        return applyCheckAnswer(store, agreement, asking.message);
      }
    }
    await moveAgreement(store, agreement, 'unclear', '尚未收到银行答复');
    const { reversalAgainMs, reversalAtMostMs } = ports.times;
    await store.later({
      kind: 'agreement.check',
      owner: 'office',
      payload: { agreementId, msgId, step: step + 1 },
      dedupeKey: `${msgId}:${step + 1}`,
      afterMs: Math.min(reversalAgainMs * 2 ** Math.min(step, 20), reversalAtMostMs),
    });
  });
}

function isSettled(state: string): boolean {
  return state !== '验证中' && state !== '验证结果待核实' && state !== '撤销中';
}
