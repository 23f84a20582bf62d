import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Words that must not stand in tracked text, and why. */
const bannedWords: readonly { pattern: RegExp; why: string; except?: RegExp }[] = [
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    why: 'finish it or write it into the plan',
    except: /\.md$/,
  },
  {
    pattern: /\b(shebaoFei|danwei|jiaofei|gongzi|zhigong|shenbao[A-Z])\w*/,
    why: 'no pinyin in names',
  },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, why: 'fix the type' },
  { pattern: /\b(test|it|describe|suite)\.(skip|only|todo)\(/, why: 'no skipped or single tests' },
  { pattern: /oxlint-disable|biome-ignore/, why: 'fix what the lint says' },
  { pattern: /\/work\/(main|shared)\b/, why: 'no path of one machine' },
];

const guardFile = /^scripts\/guards\//;

/** Banned words in one tracked text file, as `file:line why`. */
export function bannedIn(file: string, text: string): string[] {
  if (guardFile.test(file)) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      bannedWords
        .filter((word) => !word.except?.test(file) && word.pattern.test(line))
        .map((word) => `${file}:${index + 1} ${word.why}: ${line.trim().slice(0, 80)}`),
    );
}

/** Links of a Markdown file to files that do not exist. */
export function brokenLinks(root: string, file: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s#]+)(#[^)]*)?\)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^[a-z]+:/i.test(link))
    .filter((link) => !existsSync(join(root, dirname(file), decodeURIComponent(link))))
    .map((link) => `${file}: link to ${link} leads nowhere`);
}

/** Codes of the error registry that no test source names. */
export function codesRaisedNowhere(codes: readonly string[], tests: readonly string[]): string[] {
  return codes.filter((code) => !tests.some((text) => text.includes(`'${code}'`)));
}
