import type { AnswerOf, listWageCandidates } from '@shebao/contract';
import { wage as t } from '../../messages/wage.ts';
import { isRecord, monthChinese, parseTyped } from '../../shared/index.ts';

export type Candidate = AnswerOf<typeof listWageCandidates>['people'][number];

/** What was typed and chosen for one person, as typed. */
export interface Entry {
  readonly wage: string;
  /** `YYYY-MM`, '' while none is chosen. */
  readonly month: string;
}

/** What a draft keeps: nobody's name or number, only what was entered. */
export type SheetDraft = Readonly<Record<string, Entry>>;

export const isSheetDraft = (value: unknown): boolean =>
  isRecord(value) &&
  Object.values(value).every(
    (entry) => isRecord(entry) && ['wage', 'month'].every((key) => typeof entry[key] === 'string'),
  );

const nothing: Entry = { wage: '', month: '' };

/** The one option, or for the yearly declaration the latest; of several otherwise none. */
export function defaultMonth(person: Candidate, kind: 'daily' | 'annual'): string {
  const months = person.effectiveMonths;
  return months.length === 1 || kind === 'annual' ? (months.at(-1)?.month ?? '') : '';
}

/**
 * The entries of a page with up to 100,000 people. It lives outside React: a keystroke redraws the cells
 * of one person and nothing else.
 */
export class WageSheet {
  readonly #entries = new Map<string, Entry>();
  readonly #touched = new Set<string>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #attended = '';
  readonly #attentive = new Set<() => void>();
  /** Told after every change, for the draft. */
  onChange: () => void = () => undefined;

  entry(personId: string): Entry {
    return this.#entries.get(personId) ?? nothing;
  }

  /** Puts a person's row on the page without counting as something entered. */
  offer(personId: string, entry: Entry): void {
    if (!this.#entries.has(personId)) this.#entries.set(personId, entry);
  }

  enter(changes: Iterable<readonly [string, Partial<Entry>]>): void {
    for (const [personId, change] of changes) {
      this.#entries.set(personId, { ...this.entry(personId), ...change });
      this.#touched.add(personId);
      for (const tell of this.#watchers.get(personId) ?? []) tell();
    }
    this.onChange();
  }

  forget(personIds: Iterable<string>): void {
    for (const personId of personIds) {
      this.#entries.delete(personId);
      this.#touched.delete(personId);
    }
    this.onChange();
  }

  watch(personId: string, tell: () => void): () => void {
    const watchers = this.#watchers.get(personId) ?? new Set();
    this.#watchers.set(personId, watchers.add(tell));
    return () => {
      watchers.delete(tell);
      if (watchers.size === 0) this.#watchers.delete(personId);
    };
  }

  /** The person whose row has the focus, or had it last; '' for nobody yet. */
  attended(): string {
    return this.#attended;
  }

  attend(personId: string): void {
    if (this.#attended === personId) return;
    this.#attended = personId;
    for (const tell of this.#attentive) tell();
  }

  watchAttended(tell: () => void): () => void {
    this.#attentive.add(tell);
    return () => this.#attentive.delete(tell);
  }

  /** Everything that somebody entered; undefined when nothing was. */
  draft(): SheetDraft | undefined {
    if (this.#touched.size === 0) return undefined;
    return Object.fromEntries([...this.#touched].map((id) => [id, this.entry(id)]));
  }
}

/** What keeps a ticked row from being sent, in the words of the page; undefined when nothing does. */
export function rowProblem(person: Candidate, entry: Entry): string | undefined {
  if (entry.month === '') return t.monthMissing(person.name);
  if (person.firstMissing !== null && entry.month > person.firstMissing) {
    return t.outOfOrder(person.name, monthChinese(person.firstMissing));
  }
  if (entry.wage.trim() === '') return t.wageMissing(person.name);
  return isWage(entry.wage) ? undefined : t.wageWrong(person.name);
}

/** Whether a text is a wage as the service takes it. */
function isWage(text: string): boolean {
  const amount = parseTyped(text);
  return amount !== undefined && amount <= 99_999_999_999;
}

/** A wage as typed, in the form that is sent: no full-width comma, no spaces. */
export function sentWage(text: string): string {
  return text.replaceAll('，', ',').trim();
}

/** The lines of a pasted column of wages: first cell of each line, without spaces and currency signs. */
export function pastedWages(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => (line.split('\t')[0] ?? '').replaceAll(/[\s¥￥]/g, ''));
}
