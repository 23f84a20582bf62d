import type { MessageBody } from '@shebao/channel';
import { assert } from '@shebao/kernel';
import {
  ask,
  compact,
  compose,
  listParts,
  lists,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  readSession,
} from '../treasury/index.ts';
import { openListCase } from './cases.ts';
import type { PaymentPorts } from './ports.ts';

const againAfterMs = 300_000;

/** Asks for what a list lacks: its missing parts (9117), or the whole when nothing came (9112). */
export async function askForList(
  ports: PaymentPorts,
  kind: string,
  taxOrg: string,
  chkDate: string,
): Promise<void> {
  const list = await ports.read.of(lists).get({ kind, taxOrg, chkDate });
  if (list && list.state !== 'collecting') return;
  const parts = await ports.read.of(listParts).find({ kind, taxOrg, chkDate });
  const whole = Number(parts[0]?.head['ChildPackNum'] ?? 0);
  const missing = Array.from({ length: whole }, (_, at) => at + 1).filter(
    (number) => !parts.some((part) => part.curPackNo === number),
  );
  if (list && missing.length === 0) return;
  const common = { SendOrgCode: taxOrg, OriMsgNo: kind, ChkDate: compact(chkDate) };
  if (list) {
    for (const number of missing.slice(0, 20)) {
      const part = { ...common, PackNo: list.packNo, CurPackNo: String(number) };
      await request(ports, '9117', { ResendPart: part }, `${kind}:${taxOrg}:${chkDate}`);
    }
  } else {
    await request(ports, '9112', { ResendList: common }, `${kind}:${taxOrg}:${chkDate}`);
  }
  const audit = { name: 'treasury.askList', chain: 'agency:treasury', subject: taxOrg };
  await ports.transact(audit, async (store) => {
    if (!list) {
      const text = `${chkDate} 的对账清单日切后两小时仍未收到，已要求重发`;
      await openListCase(store, `missing:${kind}:${taxOrg}:${chkDate}`, text, null);
    }
    await store.later({
      kind: 'treasury.lists',
      owner: 'office',
      payload: { kind, taxOrg, chkDate },
      afterMs: againAfterMs,
    });
  });
}

async function request<N extends '9112' | '9117'>(
  ports: PaymentPorts,
  msgNo: N,
  body: MessageBody<N>,
  subject: string,
): Promise<void> {
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo,
    msgId: await newMessageId(ports, msgNo),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body,
  });
  assert(ready.ok, `${msgNo} can be written`);
  const audit = {
    name: 'treasury.request',
    chain: 'agency:treasury',
    subject,
    quiet: true,
  } as const;
  await ports.transact(audit, (store) => noteOutgoing(store, ready.value, subject));
  const asking = await ask(ports, ready.value);
  if (asking.kind !== 'answer') return;
  await ports.transact(audit, (store) => noteIncoming(store, asking.message, 'answer'));
}
