import {
  downloadDeclaration,
  downloadDuePeople,
  getDeclaration,
  listDeclarations as listDeclarationsRoute,
  listDeclaredPeople,
  listDuePeople,
  listDues,
  monthChange,
  monthOverview,
  previewWages,
  submitDeclaration as submitRoute,
  voidDeclaration,
  wageFacts,
} from '@shebao/contract';
import { addMonths, assert, err, formatMonth, formatYuan, ok, parseYuan } from '@shebao/kernel';
import { unitByNo, unitsByNo } from '../employer/index.ts';
import { billStates } from '../payment/index.ts';
import { type BoundRoute, handle, type Refusal, type Services } from '../platform/index.ts';
import { currentPeriod } from '../policy/index.ts';
import { loadRoster } from '../roster/index.ts';
import { readWageLines } from '../wage/index.ts';
import { mediaTypes } from '../workbook/index.ts';
import { requestVoid, submitDeclaration } from './commands.ts';
import { declarationNoText } from './declaration.ts';
import { explanationRoutes } from './explain-routes.ts';
import { detailFile, itemLines, longFile, wideFile } from './files.ts';
import { leviedByInsurance, leviedByPerson } from './history.ts';
import { loadDues } from './load.ts';
import { compareMonths, type PersonChange } from './month-change.ts';
import { overviewOf } from './overview.ts';
import { aggregateNote, declaredPeople, identify, linesOf, showPeople } from './people.ts';
import { factsOf, previewLines } from './preview.ts';
import { declared, findDue, showDeclaration } from './reads.ts';
import { showDues, showItem, shownRefusals } from './show.ts';
import { listDeclarations, pendingUnits } from './store.ts';

const notFound = err<Refusal>({ code: 'NOT_FOUND' });

const dues = handle(listDues, async ({ query, services, unitNos }) => {
  const { q } = services.db;
  const { date } = services.clock.now();
  const wanted = query.unitNo === undefined ? unitNos : [query.unitNo];
  const units = await unitsByNo(q, wanted);
  const pending = await pendingUnits(
    q,
    units.map((unit) => unit.id),
  );
  const shown = [];
  for (const unit of units) {
    const found = await loadDues(q, unit, date);
    if (!found.ok) return found;
    const refused = shownRefusals(found.value).map(({ personId }) => personId ?? '');
    const people = refused.length > 0 ? await loadRoster(q, unit.id, refused) : [];
    const names = new Map(people.map(({ personId, name }) => [personId, name]));
    shown.push(showDues(unit, found.value, names, pending.has(unit.id)));
  }
  return ok({ period: formatMonth(currentPeriod(date)), units: shown });
});

const duePeople = handle(listDuePeople, async ({ params, query, services }) => {
  const found = await findDue(services, params);
  if (!found.ok) return found;
  const { unit, item } = found.value;
  const page = linesOf(item).slice(query.offset, query.offset + query.limit);
  const known = await identify(
    services,
    unit.id,
    page.map(({ personId }) => personId),
  );
  return ok({
    total: item.lines.length,
    sum: formatYuan(item.amountFen),
    people: showPeople(page, item.ratePpm, query.offset, known),
    aggregateNote: aggregateNote(item),
  });
});

const dueFile = handle(downloadDuePeople, async ({ params, query, services }) => {
  const found = await findDue(services, params);
  if (!found.ok) return found;
  const { unit, item } = found.value;
  const body = detailFile(services, unit.id, query.format, item.ratePpm, linesOf(item));
  return ok(file(`人员明细_${unit.unitNo}`, query.format, body));
});

function file(name: string, format: 'xlsx' | 'csv', body: ReturnType<typeof detailFile>) {
  return { file: { name: `${name}.${format}`, mediaType: mediaTypes[format], body } };
}

const change = handle(monthChange, async ({ params, services }) => {
  const { q } = services.db;
  const unit = await unitByNo(q, params.unitNo);
  if (!unit) return notFound;
  const found = await loadDues(q, unit, services.clock.now().date);
  if (!found.ok) return found;
  const { current: period } = found.value;
  const before = addMonths(period, -1);
  const compared = compareMonths({
    dues: found.value,
    current: await leviedByPerson(q, unit.id, period),
    previous: await leviedByPerson(q, unit.id, before),
    sums: await leviedByInsurance(q, unit.id, before, period),
  });
  const { joiners, leavers, baseChanges } = compared;
  const names = await namesOf(services, unit.id, [...joiners, ...leavers, ...baseChanges]);
  const nameOf = ({ personId }: PersonChange) => names.get(personId) ?? '';
  const row = (each: PersonChange) => ({ name: nameOf(each), amount: formatYuan(each.amountFen) });
  return ok({
    period: formatMonth(period),
    previousTotal: formatYuan(compared.previousFen),
    currentTotal: formatYuan(compared.currentFen),
    joiners: joiners.map(row),
    leavers: leavers.map(row),
    baseChanges: baseChanges.map((each) => ({
      ...row(each),
      before: formatYuan(each.beforeFen),
      after: formatYuan(each.afterFen),
    })),
    backPay: formatYuan(compared.backPayFen),
    reasons: [...compared.reasons],
  });
});

async function namesOf(
  { db }: Services,
  unitId: number,
  people: readonly { readonly personId: string }[],
): Promise<Map<string, string>> {
  if (people.length === 0) return new Map();
  const roster = await loadRoster(
    db.q,
    unitId,
    people.map(({ personId }) => personId),
  );
  return new Map(roster.map(({ personId, name }) => [personId, name]));
}

const submit = handle(submitRoute, async (call) => {
  const { params, body, services } = call;
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const total = parseYuan(body.total);
  assert(total.ok, 'the route has checked the amount');
  const { id: unitId, unitNo, taxpayerId } = unit;
  const { id, version } = body;
  const totalFen = total.value;
  return call.execute(submitDeclaration, { id, unitId, unitNo, taxpayerId, version, totalFen });
});

const records = handle(listDeclarationsRoute, async ({ query, services, unitNos }) => {
  const { q } = services.db;
  const units = await unitsByNo(q, query.unitNo === undefined ? unitNos : [query.unitNo]);
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const found = await listDeclarations(q, [...byId.keys()]);
  const states = await billStates(q, { unitIds: [...byId.keys()] });
  const bills = new Map(states.map((bill) => [bill.declarationId, bill]));
  return ok({
    declarations: found.flatMap((each) => {
      const unit = byId.get(each.unitId);
      return unit ? [showDeclaration(unit, each, bills.get(each.id))] : [];
    }),
  });
});

const one = handle(getDeclaration, async ({ params, services }) => {
  const found = await declared(services, params);
  if (!found) return notFound;
  const { unit, declaration, items } = found;
  const [bill] = await billStates(services.db.q, { declarationIds: [declaration.id] });
  return ok({
    ...showDeclaration(unit, declaration, bill),
    items: items.map((item) => showItem(unit.unitNo, item)),
  });
});

const people = handle(listDeclaredPeople, async ({ params, query, services }) => {
  const found = await declared(services, params);
  const item = found?.items.find(({ key }) => key === params.key);
  if (!found || !item) return notFound;
  const lines = await declaredPeople(services.db.q, found.declaration, item, query);
  const known = await identify(
    services,
    found.unit.id,
    lines.map(({ personId }) => personId),
  );
  return ok({
    total: item.aggregate ? 0 : item.people,
    sum: formatYuan(item.amountFen),
    people: showPeople(lines, item.ratePpm, query.offset, known),
    aggregateNote: aggregateNote(item),
  });
});

const wholeFile = handle(downloadDeclaration, async ({ params, query, services }) => {
  const found = await declared(services, params);
  if (!found) return notFound;
  const { unit, declaration, items } = found;
  const { format, layout, key } = query;
  const name = declarationNoText(unit.unitNo, declaration.declarationNo);
  if (key !== undefined) {
    const item = items.find((each) => each.key === key);
    if (!item) return notFound;
    const lines = itemLines(services, declaration, item);
    return ok(
      file(`人员明细_${name}`, format, detailFile(services, unit.id, format, item.ratePpm, lines)),
    );
  }
  const body =
    layout === 'wide'
      ? wideFile(services, declaration, items, format)
      : longFile(services, unit.unitNo, declaration, items, format);
  return ok(file(`申报明细_${name}`, format, body));
});

const voiding = handle(voidDeclaration, async (call) => {
  const unit = await unitByNo(call.services.db.q, call.params.unitNo);
  if (!unit) return notFound;
  const { id: unitId, unitNo, taxpayerId } = unit;
  return call.execute(requestVoid, { id: call.params.id, unitId, unitNo, taxpayerId });
});

const overview = handle(monthOverview, async ({ params, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  return unit ? overviewOf(services, unit) : notFound;
});

const preview = handle(previewWages, async ({ params, body, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const lines = readWageLines(body.lines);
  return lines.ok ? previewLines(services, unit, lines.value) : lines;
});

const facts = handle(wageFacts, async ({ params, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  return unit ? factsOf(services, unit, params.personId) : notFound;
});

/** The routes of 社保费申报, of the home page, and of what a wage would cost. */
export const declarationRoutes: readonly BoundRoute[] = [
  dues,
  duePeople,
  dueFile,
  ...explanationRoutes,
  change,
  submit,
  records,
  one,
  people,
  wholeFile,
  voiding,
  overview,
  preview,
  facts,
];
