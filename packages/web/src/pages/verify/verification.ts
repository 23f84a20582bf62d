import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Number and code of an address `/v/<编号>#<验证码>`; the code stays out of server logs in the fragment. */
export function fromAddress(pathname: string, hash: string): { number: string; code: string } {
  const match = /^\/v\/([^/]+)\/?$/.exec(pathname);
  return {
    number: match?.[1] ? decode(match[1]) : '',
    code: decode(hash.replace(/^#/, '')),
  };
}

/** 验证码 as printed in groups, or read aloud: spaces, hyphens and case mean nothing. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase();
}

/** SHA-256 of a file as lower-case hex, computed here: the file never leaves the browser. */
export async function fileHash(file: Blob): Promise<string> {
  return bytesToHex(sha256(new Uint8Array(await file.arrayBuffer())));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
