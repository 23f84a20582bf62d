import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EXAMPLE_KEYS, EXAMPLES } from './fixtures.ts';
import { createSigner, openEnvelope, readBody, signBytes, verifySignature } from './index.ts';

const signer = createSigner(EXAMPLE_KEYS.initiator.privateKey);
const example = EXAMPLES[8] ?? Buffer.alloc(0);
const closing = example.indexOf('</CFX>') + 6;
const body = example.subarray(0, closing).toString('latin1');

/** What receiving comes to: the code of the refusal, or `ok`. The key is the sender's own. */
function receive(bytes: Uint8Array): string {
  const envelope = openEnvelope(bytes, {
    maxBytes: 100_000,
    trustedKeys: [signer.publicKey],
    verify: verifySignature,
  });
  if (!envelope.ok) return envelope.error.code;
  const read = readBody(envelope.value);
  return read.ok ? 'ok' : read.error.code;
}

/** A signed variation: the sender itself breaks the rules, so that the signature cannot be the reason. */
function signed(text: string): string {
  return receive(signBytes(Buffer.from(text, 'latin1'), signer));
}

test('outside the closed XML subset everything is 92004', () => {
  const declaration = '<?xml version="1.0" encoding="GBK"?>';
  const inside = (extra: string): string => body.replace('<MSG>', `<MSG>${extra}`);
  const cases: readonly string[] = [
    body.replace(declaration, `${declaration}<!DOCTYPE CFX [<!ENTITY x "y">]>`),
    body.replace('<SearchType>1', '<SearchType><![CDATA[1]]>'),
    body.replace('<SearchType>1', '<SearchType>&#49;'),
    body.replace('<SearchType>1', '<SearchType>&x;'),
    body.replace('<SearchType>', '<SearchType a="b">'),
    body.replace('<CFX>', '<CFX xmlns="urn:x">'),
    body.replace(/SearchType>/g, 'x:SearchType>'),
    inside('<?php echo 1 ?>'),
    inside('<!-- comment -->'),
    body.replace('</SearchType>', '</SearchTyp>'),
    body.replace('<MSG>', '<MSG>text'),
    body.replace('<SearchType>1', '<SearchType>1<X>1</X>'),
    inside('<A><B><C><D><E><F><G>x</G></F></E></D></C></B></A>'),
    inside('<A>'.repeat(3000) + '</A>'.repeat(3000)),
    body.replace(declaration, ''),
    body.replace(declaration, ` ${declaration}`),
    body.replace('"GBK"', '"UTF-8"'),
    body.replace('<HEAD>', '<HEAD><VER>1.0</VER>'),
    body.replace('<APP>TIPS', '<APP>TIPX'),
    body.replace('<VER>1.0</VER>', ''),
    body.replace('</HEAD>', '<Extra>1</Extra></HEAD>'),
    `\xef\xbb\xbf${body}`,
  ];
  for (const text of cases) assert.equal(signed(text), '92004', text.slice(0, 400));
});

test('bytes that are no GBK are 92004: four-byte forms, single bytes, user areas, the euro sign', () => {
  for (const wrong of [
    '\x81\x30\x81\x30',
    '\x80',
    '\xff',
    '\xa2\xe3',
    '\xaa\xa1',
    '\xa1\x30\x31',
  ]) {
    const text = body.replace('<OriPackNo></OriPackNo>', `<OriPackNo>${wrong}</OriPackNo>`);
    assert.equal(signed(text), '92004', Buffer.from(wrong, 'latin1').toString('hex'));
  }
});

test('signature comment: absent, malformed, two of them, something between or behind is 91005', () => {
  const comment = example.subarray(closing).toString('latin1');
  const cases = [
    body,
    `${body}${comment}${comment}`,
    `${body} ${comment}`,
    `${body}${comment}x`,
    `${body}${comment.replace('==', '=')}`,
    `${body}<!--\u00a0${comment.slice(4)}`,
    `${body}${comment.replace('<!--', '<!-- ').replace('-->', ' -')}`,
    `${body}${comment}${' '.repeat(2000)}`,
  ];
  for (const text of cases)
    assert.equal(receive(Buffer.from(text, 'latin1')), '91005', text.slice(-150));
  const spaced = `${body}<!-- \n${comment.slice(4, -3)}\t-->\r\n`;
  assert.equal(receive(Buffer.from(spaced, 'latin1')), 'ok');
});

test('</CFX> counts before the signature does, the size before both', () => {
  const comment = example.subarray(closing).toString('latin1');
  const doubled = body.replace('</CFX>', '</CFX></CFX>');
  assert.equal(receive(Buffer.from(`${doubled}${comment}`, 'latin1')), '92004');
  assert.equal(receive(Buffer.from(body.replace('</CFX>', ''), 'latin1')), '92004');
  assert.equal(receive(Buffer.alloc(100_001)), '413');
  assert.equal(receive(Buffer.alloc(0)), '92004');
});

test('wrong bodies are 92010, unknown numbers 92001', () => {
  const cases = [
    body.replace('<SearchType>1', '<SearchType>3'),
    body.replace('<SearchType>1</SearchType>', ''),
    body.replace('<SearchType>', '<SearchType>1</SearchType><SearchType>'),
    body.replace('<SearchType>1', '<SearchType> 1'),
    body.replace('<OriTraNo>00000002', '<OriTraNo>'),
    body.replace('<OriEntrustDate>20210310', '<OriEntrustDate>20210229'),
    body.replace('<SearchType>', '<Foreign>1</Foreign><SearchType>'),
    body.replace(/StateQuery9003/g, 'StateQuery'),
    body.replace('<MSG>', '<MSG><Foreign9003></Foreign9003>'),
    body.replace(/<StateQuery9003>.*<\/StateQuery9003>/, (block) => block + block),
    body.replace(/<StateQuery9003>.*<\/StateQuery9003>/, ''),
    body.replace(/<StateQuery9003>.*<\/StateQuery9003>/, 'text'),
  ];
  for (const text of cases) assert.equal(signed(text), '92010', text);
  assert.equal(signed(body.replace('<MsgNo>9003', '<MsgNo>9999')), '92001');
});

test('receivers take fields in any order, white space between elements, gb2312, absent and closed empties', () => {
  const moved = body
    .replace('<SearchType>1</SearchType>', '')
    .replace('<OriMsgNo>', '\r\n  <OriMsgNo>')
    .replace('</StateQuery9003>', '<SearchType>1</SearchType>\n</StateQuery9003>')
    .replace('<OriPackNo></OriPackNo>', '<OriPackNo/>')
    .replace('"GBK"?>', '"gb2312"?>\n')
    .replace('</HEAD>', '<Reserve></Reserve></HEAD>');
  assert.equal(signed(moved), 'ok');
  assert.equal(signed(body.replace('<OriPackNo></OriPackNo>', '')), 'ok');
});

test('receiving never throws and never accepts, whatever single change or noise comes in', () => {
  fc.assert(
    fc.property(fc.nat(example.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const other = Buffer.from(example);
      other[at] = (other[at] ?? 0) ^ change;
      const code = receive(other);
      // Behind the signature comment and in its white space nothing is signed; nothing of that is here.
      assert.notEqual(code, 'ok');
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      assert.match(receive(noise), /^(92004|91005)$/);
      const wrapped = Buffer.concat([
        Buffer.from('<?xml version="1.0" encoding="GBK"?><CFX>'),
        noise,
        Buffer.from('</CFX>'),
      ]);
      const code = receive(signBytes(wrapped, signer));
      assert.notEqual(code, 'ok');
    }),
    { numRuns: 150 },
  );
});
