import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from './store.ts';

/** An append-only file of changes. What `append` has promised survives a kill of the process and of the machine. */
export class Journal {
  readonly #file: FileHandle;
  #waiting: { readonly line: string; readonly done: PromiseWithResolvers<void> }[] = [];
  #writing: Promise<void> | null = null;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Reads all steps of a directory; a last step that was cut off while it was written is not one. */
  static async load(directory: string): Promise<readonly Change[]> {
    await mkdir(directory, { recursive: true });
    const text = await readFile(join(directory, 'journal.jsonl'), 'utf8').catch((error) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => JSON.parse(line) as Change[]);
  }

  /** Starts a journal with what is known: a shorter file takes the place of the old one in one step. */
  static async start(directory: string, known: readonly Change[]): Promise<Journal> {
    const path = join(directory, 'journal.jsonl');
    const fresh = await open(`${path}.new`, 'w', 0o600);
    await fresh.writeFile(known.map((change) => `${JSON.stringify([change])}\n`).join(''));
    await fresh.sync();
    await fresh.close();
    await rename(`${path}.new`, path);
    const folder = await open(directory, 'r');
    await folder.sync();
    await folder.close();
    return new Journal(await open(path, 'a', 0o600));
  }

  /** Writes one step; resolves when it is on the disk. Steps that wait together share one sync. */
  append(changes: readonly Change[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ line: `${JSON.stringify(changes)}\n`, done });
    this.#writing ??= this.#write();
    return done.promise;
  }

  /** Waits for everything and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#file.appendFile(batch.map((step) => step.line).join(''));
        await this.#file.datasync();
        for (const step of batch) step.done.resolve();
      } catch (error) {
        for (const step of batch) step.done.reject(error);
      }
    }
    this.#writing = null;
  }
}
