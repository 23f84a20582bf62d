import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '@shebao/kernel';
import { EXAMPLE_KEYS, EXAMPLES } from './fixtures.ts';
import {
  batchReturnProblem,
  buildMessage,
  CATALOGUE,
  type Draft,
  type Envelope,
  type EnvelopeRefusal,
  fieldOf,
  identityKey,
  identityOf,
  keyDocument,
  keyFingerprint,
  laneRefusal,
  MAX_BYTES,
  type MsgNo,
  openEnvelope,
  PEER_NODE,
  parseKeyDocument,
  type Receiver,
  readAnswer,
  readBody,
  type Signer,
  signatureDigest,
  verifySignature,
} from './index.ts';

const VECTOR = EXAMPLES[3] ?? Buffer.alloc(0);
const SIGNED = VECTOR.subarray(0, 424);
const SIGNATURE =
  's+7xik5vftVE6cOCvolt5PMHKEddLzWwKBz2MlJYmkF+TLt/WXsmga2VriMXwNEH41p625lvXCFBJAxR5XKMfA==';
const hubKey = EXAMPLE_KEYS.hub.publicKey;

function receiver(key: string): Receiver {
  return { maxBytes: MAX_BYTES.inbox, trustedKeys: [key], verify: verifySignature };
}

function value<T, E>(result: Result<T, E>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function keyOf(bytes: Buffer): string {
  const fromHub = bytes.includes(`<SRC>${PEER_NODE}</SRC>`);
  return fromHub ? hubKey : EXAMPLE_KEYS.initiator.publicKey;
}

test('the published vector: digest, signature, key document and fingerprint', () => {
  assert.equal(
    signatureDigest(SIGNED, hubKey).toString('hex'),
    '7fe914a13aeeb2177a1c2290edc50bbab0a5d93c0722963dcb9fb08bf66d5023',
  );
  assert.ok(verifySignature(SIGNED, SIGNATURE, hubKey));
  assert.equal(keyFingerprint(hubKey), 'e7489eb317f0a4cc');
  assert.equal(parseKeyDocument(keyDocument(hubKey)), hubKey);
  for (const wrong of [hubKey.toUpperCase(), `04${hubKey}`, '0'.repeat(128), ` ${hubKey}`, '']) {
    assert.equal(parseKeyDocument(wrong), null);
  }
});

test('a signature fails over other bytes, with exchanged halves, as DER, with numbers out of range', () => {
  for (let at = 0; at < SIGNED.length; at += 31) {
    const other = Buffer.from(SIGNED);
    other[at] = (other[at] ?? 0) ^ 1;
    assert.ok(!verifySignature(other, SIGNATURE, hubKey), `byte ${at}`);
  }
  const raw = Buffer.from(SIGNATURE, 'base64');
  const exchanged = Buffer.concat([raw.subarray(32), raw.subarray(0, 32)]);
  const der = Buffer.concat([
    Buffer.from('304602210000'.slice(0, 10), 'hex'),
    raw.subarray(0, 32),
    Buffer.from('0220', 'hex'),
    raw.subarray(32),
  ]);
  const high = Buffer.alloc(64, 0xff);
  for (const wrong of [exchanged, der, Buffer.alloc(64), high, raw.subarray(0, 63)]) {
    assert.ok(!verifySignature(SIGNED, wrong.toString('base64'), hubKey));
  }
  assert.ok(!verifySignature(SIGNED, SIGNATURE, 'f'.repeat(128)));
  assert.ok(!verifySignature(SIGNED, SIGNATURE, EXAMPLE_KEYS.initiator.publicKey));
});

test('every published example verifies, reads, and is written again to the byte', () => {
  assert.equal(EXAMPLES.length, 37);
  const seen = new Set<string>();
  for (const bytes of EXAMPLES) {
    const envelope = value(openEnvelope(bytes, receiver(keyOf(bytes))));
    const message = value(readBody(envelope));
    seen.add(message.msgNo);
    const stored = /<!--(.*)-->/.exec(bytes.toString('latin1'))?.[1] ?? '';
    const replay: Signer = { publicKey: keyOf(bytes), sign: () => stored };
    const draft = { msgNo: message.msgNo, head: message.head, body: message.body };
    const again = value(buildMessage(draft as Draft<MsgNo>, replay));
    // The examples leave out no field; only an optional block that holds nothing may be absent.
    assert.ok(again.equals(bytes), message.msgNo);
  }
  assert.deepEqual([...seen].toSorted(), Object.keys(CATALOGUE).toSorted());
});

test('examples stand on the lanes that the specification names', () => {
  for (const bytes of EXAMPLES) {
    const envelope = value(openEnvelope(bytes, receiver(keyOf(bytes))));
    const fromHub = envelope.head.src === PEER_NODE;
    const own = fromHub
      ? ['inbox' as const]
      : ['1102', '1104', '9111', '9112', '9117', '2111'].includes(envelope.head.msgNo)
        ? ['batch' as const]
        : ['online' as const];
    for (const lane of ['online', 'batch', 'inbox'] as const) {
      const twoWay = ['9005', '9120'].includes(envelope.head.msgNo) && lane !== 'batch';
      const expected = own.some((name) => name === lane) || twoWay;
      assert.equal(
        laneRefusal(envelope, lane) === null,
        expected,
        `${envelope.head.msgNo} ${lane}`,
      );
    }
  }
});

test('an answer counts only when it verifies, is for this node and names the request', () => {
  const asked = {
    msgNo: '9005',
    msgId: '20210310900500000002',
    node: '133010000001',
    peer: PEER_NODE,
  } as const;
  const answer = value(readAnswer(VECTOR, asked, receiver(hubKey)));
  assert.ok(answer.msgNo === '9120' && answer.body.CommonReturn.Result === '90000');
  const reason = (change: Partial<typeof asked>, key = hubKey): string => {
    const outcome = readAnswer(VECTOR, { ...asked, ...change } as typeof asked, receiver(key));
    return outcome.ok ? 'ok' : outcome.error.reason;
  };
  assert.equal(reason({}, EXAMPLE_KEYS.initiator.publicKey), 'signature');
  assert.equal(reason({ node: '133010000002' as '133010000001' }), 'node');
  assert.equal(reason({ msgId: '20210310900500000003' as '20210310900500000002' }), 'reference');
  const foreign = readAnswer(
    EXAMPLES[7] ?? VECTOR,
    { ...asked, msgId: '20210310100100000004' },
    receiver(hubKey),
  );
  assert.ok(!foreign.ok && foreign.error.reason === 'kind');
});

test('identity is read even from a body that is wrong elsewhere', () => {
  const text = (EXAMPLES[6] ?? VECTOR).toString('latin1');
  const open = (body: string): Envelope => value(openUnsigned(body));
  const broken = open(text.replace('<TraAmt>2400.00</TraAmt>', '<TraAmt>x</TraAmt>'));
  const identity = identityOf(broken);
  assert.equal(identity && identityKey(identity), 'debit:133010000000:20210310:00000001');
  assert.equal(fieldOf(broken, 'Payment', 'TaxVouNo'), '330120210000000017');
  const body = readBody(broken);
  assert.ok(!body.ok && body.error.code === '92010' && body.error.path === 'Payment/TraAmt');
  const twice = open(text.replace('<TraNo>', '<TraNo>00000002</TraNo><TraNo>'));
  assert.equal(identityOf(twice), null);
});

test('a batch result moves nothing unless its head agrees with its lines', () => {
  const bytes = EXAMPLES.find((each) => each.includes('<MsgNo>2102<')) ?? VECTOR;
  const message = value(readBody(value(openEnvelope(bytes, receiver(hubKey)))));
  assert.ok(message.msgNo === '2102');
  assert.equal(batchReturnProblem(message.body), null);
  const head = { ...message.body.BatchHead, SuccAmt: '300.00' };
  assert.ok(batchReturnProblem({ ...message.body, BatchHead: head }));
});

function openUnsigned(text: string): Result<Envelope, EnvelopeRefusal> {
  return openEnvelope(Buffer.from(text, 'latin1'), {
    maxBytes: MAX_BYTES.online,
    trustedKeys: [hubKey],
    verify: () => true,
  });
}
