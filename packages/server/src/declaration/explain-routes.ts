import { explainDeclared, explainDue } from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { type BoundRoute, handle, type Refusal } from '../platform/index.ts';
import { policyFor } from '../policy/index.ts';
import { loadRoster } from '../roster/index.ts';
import { loadWages } from '../wage/index.ts';
import { declaredLine, explainItem, explainLine, payrollLine, personLine } from './explain.ts';
import { declaredPerson } from './people.ts';
import { declared, findDue } from './reads.ts';

const notFound = err<Refusal>({ code: 'NOT_FOUND' });

const due = handle(explainDue, async ({ params, query, services }) => {
  const found = await findDue(services, params);
  if (!found.ok) return found;
  const { unit, item, input } = found.value;
  if (query.personId !== undefined) {
    const line = item.lines.find(query.personId);
    if (!line) return notFound;
    const [person] = await loadRoster(services.db.q, unit.id, [query.personId]);
    return explainLine(input, personLine(item, line), person?.name ?? '');
  }
  return wholeItem(input, item);
});

/** By the rules as they were known on the day of declaring, whatever was published since. */
const whenDeclared = handle(explainDeclared, async ({ params, query, services }) => {
  const { q } = services.db;
  const found = await declared(services, params);
  const item = found?.items.find(({ key }) => key === params.key);
  if (!found || !item) return notFound;
  const { unit, declaration } = found;
  const input = {
    policy: policyFor(unit.region),
    unit: unit.profile,
    today: declaration.declaredOn,
    current: declaration.throughPeriod,
    wages: [],
  };
  const { personId } = query;
  if (personId === undefined) return wholeItem(input, item);
  const line = await declaredPerson(q, declaration, item, personId);
  if (!line) return notFound;
  const [person] = await loadRoster(q, unit.id, [personId]);
  const wages = await loadWages(q, unit.id, [personId]);
  return explainLine({ ...input, wages }, declaredLine(item, line), person?.name ?? '');
});

/** A whole item; one on the total payroll begins with what the payroll was. */
function wholeItem(
  input: Parameters<typeof explainLine>[0],
  item: Parameters<typeof explainItem>[1],
): ReturnType<typeof explainLine> {
  const whole = explainItem(input, item);
  if (!item.aggregate) return ok(whole);
  const payroll = explainLine(input, payrollLine(item), '');
  return payroll.ok
    ? ok({ title: whole.title, steps: [...payroll.value.steps, ...whole.steps] })
    : payroll;
}

/** Why amounts are what they are, still due or declared. */
export const explanationRoutes: readonly BoundRoute[] = [due, whenDeclared];
