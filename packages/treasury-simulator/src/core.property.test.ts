import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountOf, codeClass, type Message } from '@shebao/channel';
import fc from 'fast-check';
import { command } from './control.ts';
import { receive } from './core.ts';
import { setFault } from './faults.ts';
import { step } from './hub.ts';
import type { FaultKind } from './model.ts';
import { DAY, ORG, openBench, RICH } from './testing.ts';

type Act =
  | { readonly do: 'debit' | 'resend' | 'query' | 'reverse'; readonly number: number }
  | { readonly do: 'pass' | 'close'; readonly number: number }
  | { readonly do: 'fault'; readonly kind: FaultKind };

const numbers = fc.nat(5);
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('debit' as const), number: numbers }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resend' as const), number: numbers }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reverse' as const), number: numbers }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('query' as const), number: numbers }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('pass' as const, 'pass' as const, 'close' as const),
      number: numbers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      kind: fc.constantFrom<FaultKind>(
        'dropRequest',
        'dropAnswer',
        'late',
        'double',
        'corrupt',
        'unknownOutcome',
        'answerAfterReversal',
        'crashBefore',
        'crashAfter',
      ),
    }),
  },
);

test('whatever happens: money is conserved, a final word stands, and the lists tell what moved', () => {
  fc.assert(
    fc.property(fc.array(acts, { minLength: 5, maxLength: 40 }), (plan) => {
      const on = openBench();
      const before = on.total();
      const requests = new Map<number, Buffer>();
      const tombstones = new Set<string>();
      const listed = new Map<string, number>();
      const hear = (messages: readonly Message[]): void => {
        for (const message of messages) {
          if (message.msgNo !== '3122') continue;
          for (const line of message.body.CompDeduct) {
            assert.ok(!listed.has(line.OriTraNo), 'a debit stands on one list');
            assert.ok(!tombstones.has(line.OriTraNo), 'what was reversed is on no list');
            listed.set(line.OriTraNo, amountOf(line.TraAmt));
          }
        }
      };
      const deliver = (bytes: Buffer): Message | null => {
        const { value } = receive(on.hub, { lane: 'online', bytes });
        return value.kind === 'answer' ? readable(on, value.bytes) : null;
      };
      for (const [at, act] of plan.entries()) {
        if (act.do === 'fault') {
          step(on.hub, () => setFault(on.hub, { msgNo: '1001', kind: act.kind, ms: 500 }));
          continue;
        }
        const traNo = String(act.number + 1).padStart(8, '0');
        if (act.do === 'debit') {
          const bytes = requests.get(act.number) ?? on.initiator.debit({ traNo });
          requests.set(act.number, bytes);
          deliver(bytes);
        } else if (act.do === 'resend') {
          // The same content in a new message: repeat (c).
          deliver(on.initiator.debit({ traNo }));
        } else if (act.do === 'query') {
          deliver(on.initiator.query(traNo));
        } else if (act.do === 'reverse') {
          const answer = deliver(on.initiator.reversal(String(at + 1).padStart(8, '0'), traNo));
          assert.ok(answer?.msgNo === '2021');
          if (answer.body.RushReturn.CancelAnswer === '0') tombstones.add(traNo);
        } else if (act.do === 'close') {
          command(on.hub, 'close-day', {});
        }
        hear(on.pass(act.do === 'pass' ? act.number * 5_000 : 0));
        assert.equal(on.total(), before);
        for (const number of tombstones) {
          const debit = on.hub.store.get('debit', `${ORG}:${DAY}:${number}`);
          assert.ok(!debit || codeClass(debit.code) !== 'success', 'a tombstone holds for ever');
        }
      }
      command(on.hub, 'close-day', {});
      hear(on.pass(0));
      const moved = [...listed.values()].reduce((sum, amount) => sum + amount, 0);
      assert.equal(5_000_000_000 - on.balance(RICH), moved);
    }),
    { numRuns: 150 },
  );
});

function readable(on: ReturnType<typeof openBench>, bytes: Uint8Array): Message | null {
  try {
    return on.read(bytes, on.hub.ports.signer.publicKey);
  } catch (error) {
    // The switch "corrupt": an answer that does not verify is no answer.
    if (error instanceof assert.AssertionError) return null;
    throw error;
  }
}
