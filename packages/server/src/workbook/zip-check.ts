import { createInflateRaw } from 'node:zlib';

/** Why a file is refused before any library opens it; the text is Chinese and names the limit. */
export class WorkbookProblem extends Error {
  override readonly name = 'WorkbookProblem';
}

/** What a workbook may hold when unpacked: far above any real one of a million rows. */
const limits = {
  entries: 2000,
  unpackedBytes: 768 * 1024 * 1024,
  ratio: 100,
  ratioFreeBytes: 4 * 1024 * 1024,
  runBytes: 256 * 1024,
};

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

/**
 * Refuses an XLSX that no library would: one whose declared sizes are those of a bomb, whose parts
 * unpack to something else than declared, or whose XML has a document type or a monstrous cell.
 * Every part is unpacked once in pieces and thrown away, so memory stays flat.
 */
export async function checkZip(bytes: Uint8Array): Promise<void> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(file);
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  if (unpacked > limits.unpackedBytes) throw new WorkbookProblem('解压后过大，请拆分后再上传');
  for (const entry of entries) {
    const free = entry.unpacked <= limits.ratioFreeBytes;
    if (!free && entry.unpacked > entry.packed * limits.ratio) {
      throw new WorkbookProblem('压缩比异常，不是正常的工作簿');
    }
  }
  for (const entry of entries) await checkEntry(file, entry);
}

/** The central directory: what the archive says of itself. */
function readDirectory(file: Buffer): Entry[] {
  const broken = (): never => {
    throw new WorkbookProblem('文件已损坏，或不是 XLSX 工作簿');
  };
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > file.length) return broken();
  const count = file.readUInt16LE(end + 10);
  if (count > limits.entries) throw new WorkbookProblem('内部文件过多，不是正常的工作簿');
  let at = file.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== 0x02014b50) return broken();
    if ((file.readUInt16LE(at + 8) & 1) === 1) throw new WorkbookProblem('文件已加密，请取消密码');
    const nameLength = file.readUInt16LE(at + 28);
    const entry: Entry = {
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      method: file.readUInt16LE(at + 10),
      packed: file.readUInt32LE(at + 20),
      unpacked: file.readUInt32LE(at + 24),
      offset: file.readUInt32LE(at + 42),
    };
    if (entry.unpacked === 0xffffffff) throw new WorkbookProblem('文件过大，请拆分后再上传');
    entries.push(entry);
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

async function checkEntry(file: Buffer, entry: Entry): Promise<void> {
  const broken = '文件已损坏，或不是 XLSX 工作簿';
  const head = entry.offset;
  if (head + 30 > file.length || file.readUInt32LE(head) !== 0x04034b50) {
    throw new WorkbookProblem(broken);
  }
  const start = head + 30 + file.readUInt16LE(head + 26) + file.readUInt16LE(head + 28);
  const packed = file.subarray(start, start + entry.packed);
  if (packed.length !== entry.packed) throw new WorkbookProblem(broken);
  const inspect = inspector(entry);
  if (entry.method === 0) {
    inspect.piece(packed);
  } else if (entry.method === 8) {
    await inflate(packed, inspect.piece);
  } else {
    throw new WorkbookProblem('压缩方式不受支持，请用办公软件重新保存');
  }
  inspect.end();
}

async function inflate(packed: Buffer, piece: (chunk: Buffer) => void): Promise<void> {
  const unpacking = createInflateRaw({ chunkSize: 256 * 1024 });
  unpacking.end(packed);
  try {
    for await (const chunk of unpacking) piece(chunk as Buffer);
  } catch (error) {
    if (error instanceof WorkbookProblem) throw error;
    throw new WorkbookProblem('文件已损坏，或不是 XLSX 工作簿');
  }
}

/** Counts what really comes out, and looks at the XML's texture without parsing it. */
function inspector(entry: Entry): { piece: (chunk: Buffer) => void; end: () => void } {
  const xml = /\.(xml|rels|vml)$/i.test(entry.name);
  let seen = 0;
  let run = 0;
  let tail = '';
  const piece = (chunk: Buffer): void => {
    seen += chunk.length;
    if (seen > entry.unpacked) throw new WorkbookProblem('声明的大小与内容不符，不是正常的工作簿');
    if (!xml) return;
    const joined = tail + chunk.toString('latin1', 0, 16);
    if (chunk.includes('<!DOCTYPE') || joined.includes('<!DOCTYPE')) {
      throw new WorkbookProblem('含有不允许的文档类型声明');
    }
    tail = chunk.toString('latin1', Math.max(0, chunk.length - 16));
    const first = chunk.indexOf(0x3c);
    run = first < 0 ? run + chunk.length : chunk.length - chunk.lastIndexOf(0x3c);
    if (run > limits.runBytes) throw new WorkbookProblem('有单元格内容过长');
  };
  const end = (): void => {
    if (seen !== entry.unpacked)
      throw new WorkbookProblem('声明的大小与内容不符，不是正常的工作簿');
  };
  return { piece, end };
}
