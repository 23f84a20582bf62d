import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fen } from '@shebao/kernel';
import { loadFonts } from './fonts.ts';
import { type FormDocument, pageTexts } from './form.ts';
import { createRenderer } from './render.ts';
import { createSigner, createSigningKey } from './signer.ts';
import { amountInWords } from './words.ts';

const fonts = loadFonts(undefined);
const renderer = createRenderer(fonts);

function form(rows: number, name = '示例学校䶮㛃'): FormDocument {
  return {
    title: '社会保险费缴费证明（单位）',
    head: [['缴费单位名称', name]],
    columns: [
      { title: '费款所属期', align: 'center', weight: 1 },
      { title: '实缴金额', align: 'right', weight: 1 },
    ],
    rows: Array.from({ length: rows }, (_, index) => ['2021-03', `${index + 1}.00`]),
    sums: ['合计', '100.00'],
    totals: ['合计（大写）：人民币壹佰元整'],
    notes: ['以验证结果为准'],
    issuer: '示例税务局',
    issuedOn: '2021-03-10',
    verification: { url: 'http://127.0.0.1/v/X#Y', code: 'ABCDE FGHJK' },
    sampleSeal: true,
  };
}

/** Runs an outside checker on a file; undefined (with the reason printed) where it is not installed. */
function outside(command: string, args: string[], skip: (why: string) => void): string | undefined {
  const run = spawnSync(command, args, { encoding: 'utf8' });
  if (run.error) {
    if (process.env['SHEBAO_REQUIRE_TOOLS']) throw run.error;
    skip(`${command} is not installed`);
    return undefined;
  }
  return `${run.stdout}${run.stderr}`;
}

test('the same form gives the same bytes, with every name drawn', (t) => {
  const first = renderer.render(form(3));
  const second = renderer.render(form(3));
  assert.ok(first.ok && second.ok);
  assert.ok(first.value.equals(second.value));
  const folder = mkdtempSync(join(tmpdir(), 'shebao-pdf-'));
  const file = join(folder, 'a.pdf');
  writeFileSync(file, first.value);
  const text = outside('pdftotext', [file, '-'], (why) => t.skip(why));
  rmSync(folder, { recursive: true });
  if (text !== undefined) assert.match(text, /示例学校䶮㛃/);
});

test('a character that no font has refuses the document and is named', () => {
  const refused = renderer.render(form(1, '张𠀀'));
  assert.deepEqual(refused, { ok: false, error: { character: '𠀀', text: '张𠀀' } });
});

test('long tables go on over pages, the sum stands on the last', () => {
  const texts = pageTexts(form(50));
  assert.equal(texts.length, 3);
  assert.doesNotMatch(texts[0] ?? '', /合计 100\.00/);
  assert.match(texts[2] ?? '', /合计 100\.00/);
  assert.match(texts[2] ?? '', /第 3 页 共 3 页/);
  const pdf = renderer.render(form(50));
  assert.ok(pdf.ok);
  assert.equal((pdf.value.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length, 3);
});

test('the signature verifies, and one changed byte breaks it', async (t) => {
  const at = new Date('2021-03-10T01:00:00Z');
  const key = await createSigningKey('示例税务局', at);
  const signer = await createSigner(key, '示例税务局');
  const pdf = renderer.render(form(2));
  assert.ok(pdf.ok);
  const signed = await signer.sign(pdf.value, { reason: '缴费证明', at });
  const folder = mkdtempSync(join(tmpdir(), 'shebao-sign-'));
  const file = join(folder, 'signed.pdf');
  writeFileSync(file, signed);
  const verdict = outside('pdfsig', ['-nocert', file], (why) => t.skip(why));
  const broken = Buffer.from(signed);
  const target = broken.indexOf('endstream') - 20;
  broken[target] = (broken[target] ?? 0) ^ 1;
  writeFileSync(file, broken);
  const second = outside('pdfsig', ['-nocert', file], (why) => t.skip(why));
  rmSync(folder, { recursive: true });
  if (verdict === undefined || second === undefined) return;
  assert.match(verdict, /Signature is Valid/);
  assert.match(verdict, /Total document signed/);
  assert.doesNotMatch(second, /Signature is Valid/);
});

test('amounts in words follow the rules for receipts', () => {
  const table: [number, string][] = [
    [0, '人民币零元整'],
    [100, '人民币壹元整'],
    [1_05, '人民币壹元零伍分'],
    [1_50, '人民币壹元伍角整'],
    [10_00, '人民币壹拾元整'],
    [1005_00, '人民币壹仟零伍元整'],
    [10_000_00, '人民币壹万元整'],
    [100_000_000_00, '人民币壹亿元整'],
    [123_456_78, '人民币壹拾贰万叁仟肆佰伍拾陆元柒角捌分'],
  ];
  for (const [amount, words] of table) assert.equal(amountInWords(fen(amount)), words);
});
