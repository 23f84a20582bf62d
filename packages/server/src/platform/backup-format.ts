import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { ConfigError } from './config.ts';
import type { KeyFile } from './field-crypto.ts';

const magic = Buffer.from('SHEBAO-BACKUP-1\n');
const saltBytes = 32;
const frameBytes = 256 * 1024;
const tagBytes = 16;

/** Backups are encrypted with a key that follows from the installation's search key, which never rotates. */
function backupKey(keys: KeyFile, salt: Uint8Array): Buffer {
  const secret = Buffer.from(keys.search, 'base64');
  return Buffer.from(hkdfSync('sha256', secret, salt, 'shebao backup', 32));
}

// The frame's number and whether it is the last are part of what is authenticated: frames can be
// neither exchanged nor cut off.
function nonceOf(frame: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 4);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Encrypts a stream into frames: length, cipher text, tag. */
export function encryptBackup(keys: KeyFile): Transform {
  const salt = randomBytes(saltBytes);
  const key = backupKey(keys, salt);
  let buffered = Buffer.alloc(0);
  let frame = 0;
  const seal = (plain: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frame, last));
    frame += 1;
    const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  return new Transform({
    construct(done) {
      this.push(Buffer.concat([magic, salt]));
      done();
    },
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length > frameBytes) {
        this.push(seal(buffered.subarray(0, frameBytes), false));
        buffered = buffered.subarray(frameBytes);
      }
      done();
    },
    flush(done) {
      done(null, seal(buffered, true));
    },
  });
}

/** The other way round; a wrong key, a changed byte and a cut-off end are refused. */
export function decryptBackup(keys: KeyFile): Transform {
  let buffered = Buffer.alloc(0);
  let key: Buffer | undefined;
  let frame = 0;
  let ended = false;
  const open = (body: Buffer, last: boolean): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key as Buffer, nonceOf(frame, last));
    decipher.setAuthTag(body.subarray(-tagBytes));
    const text = decipher.update(body.subarray(0, -tagBytes));
    return Buffer.concat([text, decipher.final()]);
  };
  const next = (stream: Transform): boolean => {
    if (!key) {
      const head = magic.length + saltBytes;
      if (buffered.length < head) return false;
      if (!buffered.subarray(0, magic.length).equals(magic)) throw notOurs();
      key = backupKey(keys, buffered.subarray(magic.length, head));
      buffered = buffered.subarray(head);
      return true;
    }
    if (buffered.length < 4) return false;
    const length = buffered.readUInt32BE(0);
    if (length < tagBytes || length > frameBytes + tagBytes) throw damaged();
    if (buffered.length < 4 + length) return false;
    if (ended) throw damaged();
    const body = buffered.subarray(4, 4 + length);
    buffered = buffered.subarray(4 + length);
    // A full frame may be the last one too: what it was sealed as tells.
    ended = !opens(() => stream.push(open(body, false)));
    if (ended && !opens(() => stream.push(open(body, true)))) throw damaged();
    frame += 1;
    return true;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      buffered = Buffer.concat([buffered, chunk]);
      try {
        while (next(this));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      done(ended && buffered.length === 0 ? null : damaged());
    },
  });
}

function opens(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function notOurs(): ConfigError {
  return new ConfigError('该文件不是本系统的备份');
}

function damaged(): ConfigError {
  return new ConfigError('备份文件已损坏或不完整，或密钥文件与备份不符');
}
