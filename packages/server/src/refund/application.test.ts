import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApplicationEvent,
  applicationEvents,
  applicationStates,
  applicationStep,
  givesBack,
  outcomeOf,
} from './application.ts';

test('an application moves only along its table, and its ends are ends', () => {
  const moves = applicationStates.flatMap((state) =>
    applicationEvents.flatMap((event) => {
      const to = applicationStep(state, event);
      return to === undefined ? [] : [`${state} ${event} ${to}`];
    }),
  );
  assert.deepEqual(moves, [
    '审核中 withdrawn 已撤回',
    '审核中 accepted 待复核',
    '审核中 rejected 不予通过',
    '待复核 returned 审核中',
    '待复核 approved 退库中',
    '退库中 paidOut 已退',
    '退库中 payoutFailed 退库失败',
    '退库失败 withdrawn 已撤回',
    '退库失败 amended 审核中',
    '退库失败 askedAgain 待复核',
  ]);
});

test('money leaves only by the second officer’s approval', () => {
  const paying = applicationStates.filter((state) => {
    const events: readonly ApplicationEvent[] = applicationEvents;
    return events.some((event) => applicationStep(state, event) === '退库中');
  });
  assert.deepEqual(paying, ['待复核']);
});

test('what was not paid back may be asked for again after a refusal or a withdrawal only', () => {
  assert.deepEqual(applicationStates.filter(givesBack), ['不予通过', '已撤回']);
});

test('an application is over when no payout is on its way', () => {
  const part = (state: string, amountFen: number) => ({ state, amountFen });
  assert.equal(outcomeOf(500, [part('已退', 300), part('退库中', 200)]), null);
  assert.equal(outcomeOf(500, [part('已退', 300), part('已退', 200)]), 'paidOut');
  assert.equal(outcomeOf(500, [part('已退', 300), part('退库失败', 200)]), 'payoutFailed');
  // A second payout took the place of one that failed.
  assert.equal(
    outcomeOf(500, [part('已退', 300), part('退库失败', 200), part('已退', 200)]),
    'paidOut',
  );
});
