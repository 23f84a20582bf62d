import type { Readable, Writable } from 'node:stream';
import { type Fen, formatYuan, type Ppm, parseRate, parseYuan, shareOf } from '@shebao/kernel';
import { type LevyContext, Refused } from './levy-answer.ts';
import { askAssess } from './levy-assess.ts';
import {
  askAmount,
  askCreditCode,
  askDefault110,
  askDueDate,
  askIdentity,
  askLateFee,
  askRetirement,
} from './levy-figures.ts';
import { type Fields, InputFault } from './levy-input.ts';
import { askBase, askBounds, askRate } from './levy-policy.ts';

const asks: Readonly<Record<string, (fields: Fields, context: LevyContext) => Fields>> = {
  amount: askAmount,
  base: askBase,
  bounds: askBounds,
  rate: askRate,
  lateFee: askLateFee,
  default110: askDefault110,
  dueDate: askDueDate,
  retirement: askRetirement,
  identity: askIdentity,
  creditCode: askCreditCode,
  assess: askAssess,
};

/** Below this, base × rate is exact in a double and `shareOf` needs no BigInt. */
const plainBase = 4_000_000_000;

/**
 * Answers one line of levy questions with one line. A line that is no JSON, no object or asks for
 * something unknown is answered with a code of its own.
 */
export function answerLine(line: string, context: LevyContext): string {
  let question: unknown;
  try {
    question = JSON.parse(line);
  } catch {
    return refusal(null, 'BAD_JSON', '不是 JSON');
  }
  if (typeof question !== 'object' || question === null || Array.isArray(question)) {
    return refusal(null, 'BAD_INPUT', '应为 JSON 对象');
  }
  const fields = question as Fields;
  const id = fields.id ?? null;
  const quick = fields.ask === 'amount' ? plainAmount(fields) : undefined;
  if (quick !== undefined) return `{"id":${JSON.stringify(id)},"ok":true,"amount":"${quick}"}`;
  const ask = typeof fields.ask === 'string' && Object.hasOwn(asks, fields.ask) && asks[fields.ask];
  if (!ask) return refusal(id, 'UNKNOWN_ASK', `不认识的问题：${String(fields.ask)}`);
  try {
    return JSON.stringify({ id, ok: true, ...ask(fields, context) });
  } catch (fault) {
    if (fault instanceof InputFault) {
      return refusal(id, 'BAD_INPUT', `${fault.path}：${fault.message}`, { path: fault.path });
    }
    if (fault instanceof Refused) return JSON.stringify({ id, ok: false, ...fault.answer });
    return refusal(id, 'BAD_INPUT', fault instanceof Error ? fault.message : String(fault));
  }
}

/** The common amount question, without big numbers; undefined where it takes the general way. */
function plainAmount(fields: Fields): string | undefined {
  const { base, rate } = fields;
  if (typeof base !== 'string' || typeof rate !== 'string') return undefined;
  if (fields.fixed !== undefined || fields.rounding !== undefined) return undefined;
  const baseFen = parseYuan(base);
  if (!baseFen.ok || base.includes(',') || baseFen.value < 0) return undefined;
  const ratePpm = cachedRate(rate);
  if (ratePpm === undefined || ratePpm > 1_000_000 || baseFen.value > plainBase) return undefined;
  return formatYuan(shareOf(baseFen.value as Fen, ratePpm));
}

const rates = new Map<string, Ppm>();

function cachedRate(text: string): Ppm | undefined {
  const known = rates.get(text);
  if (known !== undefined) return known;
  const parsed = parseRate(text);
  if (!parsed.ok) return undefined;
  // A question can carry any rate: the store must not grow without end.
  if (rates.size > 10_000) rates.clear();
  rates.set(text, parsed.value);
  return parsed.value;
}

function refusal(id: unknown, code: string, detail: string, more: Fields = {}): string {
  return JSON.stringify({ id, ok: false, code, detail, ...more });
}

/**
 * Answers JSON Lines from a stream in order; each line is answered as soon as it is complete. Empty
 * lines are passed over. Resolves with the number of questions once everything is written.
 */
export async function answerStream(
  input: Readable,
  output: Writable,
  context: LevyContext,
): Promise<number> {
  let questions = 0;
  let rest = '';
  const write = async (answers: string) => {
    if (answers !== '' && !output.write(answers)) {
      await new Promise<void>((resolve) => output.once('drain', () => resolve()));
    }
  };
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    let answers = '';
    for (const line of lines) {
      if (isBlank(line)) continue;
      answers += `${answerLine(line, context)}\n`;
      questions++;
    }
    await write(answers);
  }
  if (!isBlank(rest)) {
    await write(`${answerLine(rest, context)}\n`);
    questions++;
  }
  return questions;
}

function isBlank(line: string): boolean {
  return line === '' || line === '\r' || line.trim() === '';
}
