import { err, ok, type Result } from '@shebao/kernel';
import iconv from 'iconv-lite';

/** The euro sign has no double byte in code page 936, and user-defined areas mean something else on every machine. */
const OUTSIDE = /[\u20ac\ufffd\ue000-\uf8ff]/;

/** GBK holds ASCII as it is; most fields of a message are nothing else. */
const ASCII = /^[\0-\x7f]*$/;

/**
 * Writes text as GBK (code page 936).
 * A character without a GBK code is refused by name: it is never replaced.
 */
export function encodeGbk(text: string): Result<Buffer, { readonly character: string }> {
  if (ASCII.test(text)) return ok(Buffer.from(text, 'latin1'));
  const bytes = iconv.encode(text, 'gbk');
  if (iconv.decode(bytes, 'gbk') === text && !OUTSIDE.test(text)) return ok(bytes);
  for (const character of text) if (!isGbkCharacter(character)) return err({ character });
  return ok(bytes);
}

/** Reads GBK; nothing when the bytes do not decode and re-encode to themselves. */
export function decodeGbk(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = iconv.decode(buffer, 'gbk', { stripBOM: false });
  if (OUTSIDE.test(text)) return null;
  return iconv.encode(text, 'gbk').equals(buffer) ? text : null;
}

function isGbkCharacter(character: string): boolean {
  if (OUTSIDE.test(character)) return false;
  return iconv.decode(iconv.encode(character, 'gbk'), 'gbk') === character;
}

/** The width of text in GBK bytes: one for ASCII, two for everything else. */
export function gbkWidth(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) < 0x80 ? 1 : 2;
  return width;
}

/** The longest beginning of a text that is at most `width` GBK bytes wide, cut between characters. */
export function cutToGbkWidth(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += (character.codePointAt(0) ?? 0) < 0x80 ? 1 : 2;
    if (used > width) break;
    kept += character;
  }
  return kept.replace(/[\s\u3000]+$/u, '');
}
