import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One import statement: the file, the module it names as written, and its line (counted from 1). */
export interface ImportSite {
  readonly file: string;
  readonly specifier: string;
  readonly line: number;
}

/** Every TypeScript file below a folder, as paths relative to `root`, sorted. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(folder)) {
      if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.tsx?$/.test(name) && !name.endsWith('.gen.ts')) found.push(relative(root, path));
    }
  };
  for (const folder of folders) walk(join(root, folder));
  return found.sort();
}

/** Replaces comments by blanks of the same length, so that lines keep their numbers. */
export function withoutComments(source: string): string {
  const pattern = /(["'`])(?:\\[\s\S]|(?!\1)[^\\])*\1|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return source.replace(pattern, (match, quote?: string) =>
    quote ? match : match.replace(/[^\n]/g, ' '),
  );
}

/** The imports, re-exports and dynamic imports of one source text. */
export function importsOf(file: string, source: string): ImportSite[] {
  const sites: ImportSite[] = [];
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;
  const text = withoutComments(source);
  for (const match of text.matchAll(pattern)) {
    const line = text.slice(0, match.index).split('\n').length;
    sites.push({ file, specifier: match[2] ?? '', line });
  }
  return sites;
}

/** Reads the files and gives all their imports. */
export function readImports(root: string, files: readonly string[]): ImportSite[] {
  return files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}
