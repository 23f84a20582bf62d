import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fen } from '@shebao/kernel';
import fc from 'fast-check';
import { EXAMPLE_KEYS } from './fixtures.ts';
import {
  amountText,
  buildMessage,
  bytesDigest,
  classifyRepeat,
  codeClass,
  comparableName,
  contentDigest,
  createSigner,
  cutToGbkWidth,
  type Draft,
  decodeGbk,
  type Envelope,
  encodeGbk,
  gbkWidth,
  MAX_BYTES,
  openEnvelope,
  PEER_NODE,
  readBody,
  verifySignature,
} from './index.ts';

const signer = createSigner(EXAMPLE_KEYS.initiator.privateKey);
const head = {
  src: '133010000001',
  des: PEER_NODE,
  msgId: '20210310911400000003',
  msgRef: '20210310911400000003',
  workDate: '20210310',
};

const names = fc
  .stringMatching(/^[一-龥A-Za-z&<>"'（）·]{1,90}$/)
  .filter((name) => gbkWidth(name) <= 200 && encodeGbk(name).ok);
const digits = (count: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^\\d{${count}}$`));

const agreement = fc.record({
  SendOrgCode: digits(12),
  EntrustDate: fc.constant('20210310'),
  VCNo: digits(8),
  VCSign: fc.constantFrom('0', '1'),
  TaxOrgCode: digits(12),
  TaxPayName: names,
  TaxPayCode: fc.stringMatching(/^[0-9A-Z]{15,20}$/),
  PayOpBkCode: digits(12),
  PayBkCode: digits(12),
  PayAcct: fc.stringMatching(/^\d{1,32}$/),
  HandOrgName: names,
  ProtocolNo: digits(12),
});

function open(bytes: Uint8Array): Envelope {
  const envelope = openEnvelope(bytes, {
    maxBytes: MAX_BYTES.online,
    trustedKeys: [signer.publicKey],
    verify: verifySignature,
  });
  assert.ok(envelope.ok, JSON.stringify(envelope));
  return envelope.value;
}

test('what is written is what is read, and its signature holds', () => {
  fc.assert(
    fc.property(agreement, (ProveInfo) => {
      const built = buildMessage({ msgNo: '9114', head, body: { ProveInfo } }, signer);
      assert.ok(built.ok, JSON.stringify(built));
      const message = readBody(open(built.value));
      assert.ok(message.ok && message.value.msgNo === '9114');
      assert.deepEqual({ ...message.value.body.ProveInfo }, { ...ProveInfo });
    }),
    { numRuns: 60 },
  );
});

test('repeats are told apart by identity, content and bytes', () => {
  const [ProveInfo] = fc.sample(agreement, { numRuns: 1, seed: 1 });
  assert.ok(ProveInfo);
  const draft = (change: object, msgId = head.msgId): Draft<'9114'> => ({
    msgNo: '9114',
    head: { ...head, msgId, msgRef: msgId },
    body: { ProveInfo: { ...ProveInfo, ...change } },
  });
  const digest = (message: Draft<'9114'>): { bytesDigest: string; contentDigest: string } => {
    const built = buildMessage(message, signer);
    assert.ok(built.ok);
    return {
      bytesDigest: bytesDigest(built.value),
      contentDigest: contentDigest(open(built.value)),
    };
  };
  const first = digest(draft({}));
  const other = digest(draft({ HandOrgName: '另一单位' }, '20210310911400000004'));
  const again = digest(draft({}, '20210310911400000005'));
  const none = { bytesDigest: null, contentDigest: null };
  assert.equal(classifyRepeat(first, none), 'new');
  assert.equal(classifyRepeat(first, first), 'sameMessage');
  assert.equal(classifyRepeat(other, { ...first }), 'messageIdReused');
  assert.equal(
    classifyRepeat(again, { ...none, contentDigest: first.contentDigest }),
    'sameContent',
  );
  assert.equal(
    classifyRepeat(other, { ...none, contentDigest: first.contentDigest }),
    'identityReused',
  );
});

test('content ignores the order of fields, empty against absent, and white space between elements', () => {
  const compact =
    '<?xml version="1.0" encoding="GBK"?><CFX><HEAD><VER>1.0</VER><SRC>133010000001</SRC>' +
    '<DES>100000000000</DES><APP>TIPS</APP><MsgNo>9006</MsgNo><MsgID>20210310900600000001</MsgID>' +
    '<MsgRef>20210310900600000001</MsgRef><WorkDate>00000000</WorkDate></HEAD><MSG><LoginApply9006>' +
    '<Password></Password><ReplyTo>http://127.0.0.1:3000</ReplyTo></LoginApply9006></MSG></CFX>';
  const loose = compact
    .replace('<Password></Password>', '\n ')
    .replace('</ReplyTo>', '</ReplyTo><NewPassword/>\n');
  const digestOf = (text: string): string => {
    const bytes = Buffer.from(text, 'latin1');
    return contentDigest(open(Buffer.concat([bytes, Buffer.from(`<!--${signer.sign(bytes)}-->`)])));
  };
  assert.equal(digestOf(loose), digestOf(compact));
  assert.notEqual(digestOf(compact.replace('3000', '3001')), digestOf(compact));
});

test('a character without a GBK code refuses the message by name; too wide is never cut', () => {
  const [ProveInfo] = fc.sample(agreement, { numRuns: 1, seed: 1 });
  assert.ok(ProveInfo);
  const problem = (change: object): { kind: string; character?: string; path: string } => {
    const body = { ProveInfo: { ...ProveInfo, ...change } };
    const built = buildMessage({ msgNo: '9114', head, body }, signer);
    assert.ok(!built.ok);
    return built.error;
  };
  const foreign = problem({ HandOrgName: '示例𠮷学校' });
  assert.deepEqual(
    [foreign.kind, foreign.character, foreign.path],
    ['character', '𠮷', 'ProveInfo/HandOrgName'],
  );
  for (const character of ['€', '\ue000', 'é́', '😀']) {
    assert.equal(problem({ HandOrgName: `甲${character}` }).kind, 'character');
  }
  assert.equal(problem({ HandOrgName: '校'.repeat(101) }).kind, 'width');
  assert.equal(problem({ HandOrgName: ' 校' }).kind, 'spaces');
  assert.equal(problem({ HandOrgName: '校\u3000' }).kind, 'spaces');
  assert.equal(problem({ HandOrgName: '校\n园' }).kind, 'control');
  assert.equal(problem({ VCNo: '' }).kind, 'missing');
  assert.equal(problem({ VCNo: '1' }).kind, 'format');
  assert.equal(problem({ Foreign: '1' }).kind, 'unknown');
});

test('AddWord alone is cut, between characters', () => {
  const AddWord = `${'余额不足'.repeat(7)}abc不足`;
  const built = buildMessage(
    {
      msgNo: '9120',
      head,
      body: { CommonReturn: { OriMsgNo: '9005', Result: '90000', AddWord } },
    },
    signer,
  );
  assert.ok(built.ok);
  const message = readBody(open(built.value));
  assert.ok(message.ok && message.value.msgNo === '9120');
  assert.equal(message.value.body.CommonReturn.AddWord, `${'余额不足'.repeat(7)}abc`);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(70), (text, width) => {
      const cut = cutToGbkWidth(text, width);
      assert.ok(gbkWidth(cut) <= width && text.startsWith(cut));
    }),
  );
});

test('GBK bytes decode only when they encode back to themselves', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = decodeGbk(bytes);
      if (text === null) return;
      const again = encodeGbk(text);
      assert.ok(again.ok && again.value.equals(Buffer.from(bytes)));
    }),
    { numRuns: 2000 },
  );
});

test('codes: listed ones have their class, everything else is unknown', () => {
  assert.equal(codeClass('90000'), 'success');
  assert.equal(codeClass('24020'), 'reversed');
  assert.equal(codeClass('92012'), 'refused');
  assert.equal(codeClass('94051'), 'ask');
  assert.equal(codeClass('80099'), 'missing');
  for (const code of ['94999', '99091', '80002', '12345', '']) {
    assert.equal(codeClass(code), 'unknown');
  }
  assert.equal(comparableName('（示例）　学 校〔Ａ〕【１】'), '(示例)学校(A)(1)');
  assert.equal(amountText(fen(5)), '0.05');
});
