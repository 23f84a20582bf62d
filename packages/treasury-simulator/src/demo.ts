import { channelTime, parseChannelTime } from '@shebao/channel';
import { parseYuan } from '@shebao/kernel';
import { accountKey } from './debits.ts';
import { changeState, type Hub, storedState } from './hub.ts';
import type { Account, Agreement } from './model.ts';
import type { Tables } from './store.ts';

const DAY_MS = 86_400_000;

/**
 * Takes over a demo world (section 11). Reading it again creates what is missing and changes nothing.
 * Throws with a readable reason when the text is no demo world.
 */
export function loadDemo(hub: Hub, text: string): void {
  const demo = new Reader(JSON.parse(text), '演示数据');
  const known = storedState(hub);
  if (known.workDate === '') {
    const workDate = demo.text('workDate');
    changeState(hub, { workDate, clockOffsetMs: offsetTo(hub, workDate) });
  }
  if (known.node === null) {
    changeState(hub, { node: demo.text('node'), password: demo.text('password') });
  }
  loadPlaces(hub, demo);
  loadPayers(hub, demo);
}

function loadPlaces(hub: Hub, demo: Reader): void {
  for (const each of demo.list('taxOrgs')) {
    const code = each.text('code');
    add(hub, 'taxOrg', code, { code, name: each.text('name') });
  }
  for (const each of demo.list('treasuries')) {
    const treCode = each.text('treCode');
    add(hub, 'treasury', treCode, {
      treCode,
      payeeBankNo: each.text('payeeBankNo'),
      payeeOrgCode: each.text('payeeOrgCode'),
      payeeAcct: each.text('payeeAcct'),
      payeeName: each.text('payeeName'),
      balanceFen: 0,
    });
  }
  for (const each of demo.list('banks')) {
    const bankNo = each.text('bankNo');
    const clearingBankNo = each.text('clearingBankNo');
    add(hub, 'bank', bankNo, { bankNo, clearingBankNo, name: each.text('name') });
  }
}

function loadPayers(hub: Hub, demo: Reader): void {
  for (const each of demo.list('accounts')) {
    const [bankNo, acct] = [each.text('bankNo'), each.text('acct')];
    add(hub, 'account', accountKey(bankNo, acct), {
      bankNo,
      acct,
      holder: each.text('holder'),
      balanceFen: each.amountFen('balance'),
      state: each.oneOf<Account['state']>('state', ['open', 'frozen', 'closed']),
    });
  }
  for (const each of demo.list('agreements')) {
    const protocolNo = each.text('protocolNo');
    add(hub, 'agreement', protocolNo, {
      protocolNo,
      taxOrgCode: each.text('taxOrgCode'),
      taxPayCode: each.text('taxPayCode'),
      taxPayName: each.text('taxPayName'),
      payOpBkCode: each.text('payOpBkCode'),
      payBkCode: each.text('payBkCode'),
      payAcct: each.text('payAcct'),
      handOrgName: each.text('handOrgName'),
      state: each.oneOf<Agreement['state']>('state', ['valid', 'terminated']),
    });
  }
}

function add<K extends keyof Tables>(hub: Hub, table: K, key: string, record: Tables[K]): void {
  if (hub.store.get(table, key) === undefined) hub.store.put(table, key, record);
}

/** Whole days between the machine's date and the demo's, so that hub time keeps the machine's time of day. */
function offsetTo(hub: Hub, workDate: string): number {
  const today = parseChannelTime(`${channelTime(hub.ports.now()).slice(0, 8)}000000`) ?? 0;
  const wanted = parseChannelTime(`${workDate}000000`);
  if (wanted === null) throw new RangeError(`演示数据: workDate 不是日期`);
  return Math.round((wanted - today) / DAY_MS) * DAY_MS;
}

/** Reads values out of JSON by name and says where one is missing. */
class Reader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null) throw new RangeError(`${path}: 应为对象`);
    this.#value = { ...value };
    this.#path = path;
  }

  text(name: string): string {
    const value = this.#value[name];
    if (typeof value !== 'string') throw new RangeError(`${this.#path}: ${name} 应为文字`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const found = allowed.find((each) => each === this.text(name));
    if (found === undefined) throw new RangeError(`${this.#path}: ${name} 取值不符`);
    return found;
  }

  amountFen(name: string): number {
    const amount = parseYuan(this.text(name));
    if (!amount.ok) throw new RangeError(`${this.#path}: ${name} 应为金额`);
    return amount.value;
  }

  list(name: string): readonly Reader[] {
    const value = this.#value[name];
    if (!Array.isArray(value)) throw new RangeError(`${this.#path}: ${name} 应为列表`);
    return value.map((each, at) => new Reader(each, `${this.#path}.${name}[${at}]`));
  }
}
