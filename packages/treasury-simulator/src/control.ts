import { channelTime, isTime, keyFingerprint, parseKeyDocument } from '@shebao/channel';
import { fen, formatYuan, parseYuan } from '@shebao/kernel';
import { Args } from './args.ts';
import { pinKeys } from './core.ts';
import { askAtCounter, giveUpAtCounter, payAtCounter } from './counter.ts';
import { announceStop, closeDay, setSysStat } from './day.ts';
import { accountKey } from './debits.ts';
import { setFault } from './faults.ts';
import { changeState, type Hub, hubNow, stateOf, step, write } from './hub.ts';
import { FAULT_KINDS } from './model.ts';
import { push } from './outbox.ts';
import type { Step } from './store.ts';

type Command = (hub: Hub, args: Args) => Record<string, unknown>;

/** What the operator of the simulator can do, by name. Each returns what changed. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'close-day': (hub, args) => ({ workDate: closeDay(hub, args.optional('next')) }),
  'sys-stat': (hub, args) => {
    setSysStat(hub, args.oneOf('sysStat', ['0', '2']));
    return { sysStat: stateOf(hub).sysStat };
  },
  'announce-stop': (hub, args) => {
    const times = [args.text('from'), args.optional('to') ?? ''];
    if (!times.every((time) => time === '' || isTime(time))) throw new RangeError('时间格式不符');
    announceStop(hub, args.oneOf('runSign', ['0', '1']), times[0] ?? '', times[1] ?? '');
    return {};
  },
  ping: (hub) => {
    const { bytes, msgId } = write(hub, '9005', {});
    push(hub, '9005', bytes, msgId);
    return { msgId };
  },
  fault: (hub, args) => ({
    id: setFault(hub, {
      msgNo: args.text('msgNo'),
      kind: args.oneOf('kind', FAULT_KINDS),
      times: args.oneOf('times', ['once', 'always', 'seed'], 'once'),
      ms: args.number('ms', 3_000),
      code: args.optional('code') ?? '94999',
      seed: args.number('seed', 1),
      perMille: args.number('perMille', 500),
    }),
  }),
  'clear-faults': (hub, args) => {
    const wanted = args.optional('id');
    const ids = hub.store.all('fault').map((fault) => fault.id);
    const cleared = ids.filter((id) => wanted === undefined || id === wanted);
    for (const id of cleared) hub.store.remove('fault', id);
    return { cleared: cleared.length };
  },
  account: changeAccount,
  agreement: changeAgreement,
  settings: (hub, args) => {
    const now = stateOf(hub);
    const cutTime = args.optional('cutTime') ?? now.cutTime;
    if (!/^$|^\d{6}$/.test(cutTime)) throw new RangeError('日切时间应为 hhmmss');
    changeState(hub, {
      cutTime,
      // A time that has passed today counts from tomorrow on.
      cutOn: channelTime(hubNow(hub)).slice(8) >= cutTime ? today(hub) : '',
      processMs: args.number('processMs', now.processMs),
      entryMs: args.number('entryMs', now.entryMs),
      linesPerPart: Math.min(Math.max(args.number('linesPerPart', now.linesPerPart), 1), 1_000),
      password: args.optional('password') ?? now.password,
    });
    return { ...settingsOf(hub) };
  },
  'counter-query': (hub, args) => ({ key: askAtCounter(hub, 'query', counterWish(args)) }),
  'counter-fetch': (hub, args) => ({ key: askAtCounter(hub, 'fetch', counterWish(args)) }),
  'counter-pay': (hub, args) => ({ outcome: payAtCounter(hub, args.text('key')) }),
  'counter-give-up': (hub, args) => ({ outcome: giveUpAtCounter(hub, args.text('key')) }),
  trust: (hub, args) => {
    const keys = args
      .text('keys')
      .split(',')
      .map((key) => parseKeyDocument(key.trim()));
    if (keys.some((key) => key === null)) throw new RangeError('公钥格式不符');
    pinKeys(
      hub,
      args.text('node'),
      keys.filter((key) => key !== null),
    );
    return {};
  },
  'forget-key': (hub, args) => {
    hub.store.remove('trusted', args.text('node'));
    return {};
  },
  'push-now': (hub) => {
    const waiting = hub.store.all('push');
    for (const each of waiting) hub.store.put('push', each.id, { ...each, dueAtMs: hubNow(hub) });
    return { waiting: waiting.length };
  },
};

/** Runs a command by name. Throws RangeError with a Chinese reason when it cannot be done. */
export function command(hub: Hub, name: string, args: unknown): Step<Record<string, unknown>> {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) throw new RangeError(`没有命令 ${name}，可用: ${Object.keys(COMMANDS).join(' ')}`);
  return step(hub, () => found(hub, new Args(args)));
}

/** Everything that whoever watches wants to see; amounts in yuan, times of the hub. */
export function watch(hub: Hub): Record<string, unknown> {
  const state = stateOf(hub);
  const { store } = hub;
  return {
    now: channelTime(hubNow(hub)),
    workDate: state.workDate,
    sysStat: state.sysStat,
    loggedIn: state.loggedIn,
    replyTo: state.replyTo,
    node: state.node,
    ownFingerprint: keyFingerprint(hub.ports.signer.publicKey),
    trusted: store.entries('trusted').map(([node, trusted]) => ({
      node,
      fingerprints: trusted.keys.map(keyFingerprint),
    })),
    settings: settingsOf(hub),
    taxOrgs: store.all('taxOrg'),
    treasuries: store.all('treasury').map(withBalance),
    banks: store.all('bank'),
    accounts: store.all('account').map(withBalance),
    agreements: store.all('agreement'),
    debits: store.all('debit').slice(-200).map(withAmount),
    reversals: store.all('reversal').slice(-200),
    packs: store
      .all('pack')
      .slice(-50)
      .map(({ result, ...pack }) => ({ ...pack, sent: result !== null })),
    refunds: store.all('refund').slice(-50).map(withAmount),
    counter: store.all('counter').slice(-50),
    faults: store.all('fault'),
    pushes: store.all('push').map(({ bytes: _bytes, ...push }) => push),
    lists: store
      .all('list')
      .slice(-100)
      .map(({ bytes: _bytes, ...part }) => part),
    traffic: store
      .entries('traffic')
      .slice(-100)
      .map(([id, { bytes: _bytes, ...entry }]) => ({ id, ...entry })),
  };
}

function changeAccount(hub: Hub, args: Args): Record<string, unknown> {
  const [bankNo, acct] = [args.text('bankNo'), args.text('acct')];
  if (!hub.store.get('bank', bankNo)) throw new RangeError('没有这个开户行');
  const known = hub.store.get('account', accountKey(bankNo, acct));
  const balance = parseYuan(args.optional('balance') ?? formatYuan(fen(known?.balanceFen ?? 0)));
  if (!balance.ok || balance.value < 0) throw new RangeError('余额应为金额');
  hub.store.put('account', accountKey(bankNo, acct), {
    bankNo,
    acct,
    holder: args.optional('holder') ?? known?.holder ?? args.text('holder'),
    balanceFen: balance.value,
    state: args.oneOf('state', ['open', 'frozen', 'closed'], known?.state ?? 'open'),
  });
  return { bankNo, acct, balance: formatYuan(balance.value) };
}

function changeAgreement(hub: Hub, args: Args): Record<string, unknown> {
  const protocolNo = args.text('protocolNo');
  const known = hub.store.get('agreement', protocolNo);
  const read = (
    name:
      | 'taxOrgCode'
      | 'taxPayCode'
      | 'taxPayName'
      | 'payOpBkCode'
      | 'payBkCode'
      | 'payAcct'
      | 'handOrgName',
  ): string => args.optional(name) ?? known?.[name] ?? args.text(name);
  hub.store.put('agreement', protocolNo, {
    protocolNo,
    taxOrgCode: read('taxOrgCode'),
    taxPayCode: read('taxPayCode'),
    taxPayName: read('taxPayName'),
    payOpBkCode: read('payOpBkCode'),
    payBkCode: read('payBkCode'),
    payAcct: read('payAcct'),
    handOrgName: read('handOrgName'),
    state: args.oneOf('state', ['valid', 'terminated'], known?.state ?? 'valid'),
  });
  return { protocolNo };
}

function counterWish(args: Args): Parameters<typeof askAtCounter>[2] {
  return {
    bankNo: args.text('bankNo'),
    taxOrgCode: args.text('taxOrgCode'),
    outerLevyNo: args.text('outerLevyNo'),
    taxPayCode: args.optional('taxPayCode') ?? '',
    payType: args.oneOf('payType', ['1', '2'], '2'),
    payAcct: args.optional('payAcct') ?? '',
    payName: args.optional('payName') ?? '',
    payAtOnce: args.optional('payAtOnce') === 'true',
  };
}

function settingsOf(hub: Hub): Record<string, unknown> {
  const { cutTime, processMs, entryMs, linesPerPart } = stateOf(hub);
  return { cutTime, processMs, entryMs, linesPerPart };
}

function today(hub: Hub): string {
  return channelTime(hubNow(hub)).slice(0, 8);
}

function withBalance<T extends { readonly balanceFen: number }>(
  place: T,
): Omit<T, 'balanceFen'> & { balance: string } {
  const { balanceFen, ...rest } = place;
  return { ...rest, balance: formatYuan(fen(balanceFen)) };
}

function withAmount<T extends { readonly order: { readonly amountFen: number } | null }>(
  business: T,
): Omit<T, 'order'> & { amount: string | null } {
  const { order, ...rest } = business;
  return { ...rest, amount: order ? formatYuan(fen(order.amountFen)) : null };
}
