import * as contract from '@shebao/contract';
import { assert, err, ok } from '@shebao/kernel';
import { drawPayoutNumbers, type Payments, proofOf } from '../payment/index.ts';
import { type BoundRoute, handle, type RouteCall } from '../platform/index.ts';
import { decideCommand } from './decide.ts';
import { showApplications, showDetail } from './show.ts';
import { findApplication, officeApplications, openParts } from './store.ts';

/** 退费审核: what units ask back. */
export function refundOfficeRoutes(payments: Payments): readonly BoundRoute[] {
  return [
    handle(contract.listOfficeRefundApplications, async ({ query, services }) => {
      const { total, rows } = await officeApplications(services.db.q, query);
      return ok({ total, applications: await showApplications(services, rows) });
    }),
    handle(contract.getOfficeRefundApplication, async ({ params, query, services }) => {
      const found = await findApplication(services.db.q, params.id);
      if (!found) return err({ code: 'NOT_FOUND' });
      return ok(await showDetail(services, found, query));
    }),
    handle(contract.decideRefundApplication, (call) => decide(payments, call)),
  ];
}

async function decide(
  payments: Payments,
  call: RouteCall<typeof contract.decideRefundApplication>,
) {
  const { params, body, caller, services } = call;
  const { reauthentication, ...told } = body;
  const needsReason = body.act === 'reject' || body.act === 'return';
  if (needsReason && body.reason === '') {
    const errors = [{ path: 'reason', code: 'missing', detail: '请填写理由' }];
    return err({ code: 'INPUT_INVALID', errors } as const);
  }
  const { q } = services.db;
  const found = await findApplication(q, params.id);
  if (!found) return err({ code: 'NOT_FOUND' } as const);
  const parts = body.act === 'approve' ? await openParts(q, found.id) : [];
  const numbers = await drawPayoutNumbers(payments.ports, found.taxOrg, parts.length);
  if (body.act === 'approve' && !numbers.ok) return numbers;
  const done = await call.execute(decideCommand(services.crypto, numbers.ok ? numbers.value : []), {
    id: params.id,
    version: body.version,
    act: body.act,
    reason: body.reason,
    actor: caller.userName,
    proof: proofOf(caller, reauthentication, { id: params.id, ...told }),
  });
  if (!done.ok) return done;
  const [one] = await showApplications(services, [done.value]);
  assert(one !== undefined, 'one application is shown');
  return ok(one);
}
