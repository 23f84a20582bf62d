import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Comment, type Program, parseSync } from 'oxc-parser';

/** One public name of a library, as its docstring tells it. */
export interface Entry {
  readonly name: string;
  readonly kind: 'function' | 'type' | 'value';
  /** The declaration without its body. */
  readonly signature: string;
  /** What the docstring says, without its examples; empty where there is none. */
  readonly text: string;
  /** The lines of each `@example`. */
  readonly examples: readonly string[];
}

/** What every example may use. */
export const examplesBegin = `import { fen, formatDay, formatMonth, monthOf, parseMonth } from '@shebao/kernel';
import { assess } from '@shebao/levy';
import { knownPolicy as policy } from '@shebao/levy/packs';

const value = (result) => { if (result.ok) return result.value; throw new Error(result.error.code); };
const month = (text) => value(parseMonth(text));
const unit = { region: '330100', unitKind: 'institution', fundingType: 'partial' };
const someone = {
  id: 'someone',
  enrolments: [{ insurance: 'institutionPension', from: month('2021-02') }],
  wages: [{ effective: month('2021-02'), wageFen: fen(825050) }],
};
const assessed = assess({ policy, unit, people: [someone], current: month('2021-03'), asOf: '2021-03-10' });
const [line] = value(assessed).lines;`;

type Statement = Program['body'][number];

/** The public names of a library from its `index.ts`, in the order of its files. */
export function publicEntries(index: string): readonly Entry[] {
  const { body } = parse(index).program;
  const entries: Entry[] = [];
  for (const statement of body) {
    if (statement.type !== 'ExportAllDeclaration' && statement.type !== 'ExportNamedDeclaration') {
      continue;
    }
    if (!statement.source) continue;
    const file = join(dirname(index), statement.source.value);
    const wanted =
      statement.type === 'ExportAllDeclaration'
        ? undefined
        : new Set(statement.specifiers.map((one) => nameOf(one.exported)));
    const found = entriesOf(file).filter(({ name }) => !wanted || wanted.has(name));
    if (wanted && found.length !== wanted.size) {
      throw new Error(`${file}: not every exported name was found`);
    }
    entries.push(...found);
  }
  if (entries.length === 0) throw new Error(`${index}: nothing is exported`);
  return entries;
}

/** The whole document about the levy library. */
export function levyReference(): string {
  return `# Reference of the levy library

Made from the docstrings of \`packages/kernel\` and \`packages/levy\` by \`node scripts/build-reference.ts\`; do not edit.
Every example is run by the tests: what stands after \`//=>\` is what the line gives. They all begin with

\`\`\`ts
${examplesBegin}
\`\`\`

${libraries.map(({ title, index }) => page(title, publicEntries(index))).join('\n')}`;
}

export const libraries = [
  { title: '@shebao/levy', index: 'packages/levy/src/index.ts' },
  { title: '@shebao/kernel', index: 'packages/kernel/src/index.ts' },
];

/** The page of a library: every name with its signature, its text and its examples. */
function page(title: string, entries: readonly Entry[]): string {
  // A type and a function may differ by a capital only, which an address does not tell apart.
  const heading = ({ kind, name }: Entry) => (kind === 'type' ? `type ${name}` : name);
  const address = (entry: Entry) => heading(entry).toLowerCase().replace(' ', '-');
  const names = entries.map((entry) => `[${entry.name}](#${address(entry)})`).join(' · ');
  const sections = entries.map((entry) => {
    const { signature, text, examples } = entry;
    return [
      `### ${heading(entry)}`,
      text,
      `\`\`\`ts\n${signature}\n\`\`\``,
      ...examples.map((example) => `\`\`\`ts\n${example}\n\`\`\``),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return `## ${title}\n\n${names}\n\n${sections.join('\n\n')}\n`;
}

function parse(file: string): { program: Program; comments: Comment[]; source: string } {
  const source = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return { program, comments, source };
}

function nameOf(node: { type: string; name?: string; value?: unknown }): string {
  return node.name ?? String(node.value);
}

function entriesOf(file: string): Entry[] {
  const { program, comments, source } = parse(file);
  return program.body.flatMap((statement) => {
    const declared = declaredBy(statement);
    if (!declared) return [];
    const doc = comments.findLast(
      ({ type, value, end }) =>
        type === 'Block' &&
        value.startsWith('*') &&
        end <= statement.start &&
        source.slice(end, statement.start).trim() === '',
    );
    const { text, examples } = readDoc(doc?.value ?? '');
    const signature = source.slice(statement.start, declared.bodyStart).trim();
    return [{ name: declared.name, kind: declared.kind, signature, text, examples }];
  });
}

function declaredBy(
  statement: Statement,
): { name: string; kind: Entry['kind']; bodyStart: number } | undefined {
  if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) return undefined;
  const { declaration } = statement;
  switch (declaration.type) {
    case 'FunctionDeclaration':
      return {
        name: declaration.id?.name ?? '',
        kind: 'function',
        bodyStart: declaration.body?.start ?? statement.end,
      };
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return { name: declaration.id.name, kind: 'type', bodyStart: statement.end };
    case 'ClassDeclaration':
      return {
        name: declaration.id?.name ?? '',
        kind: 'value',
        bodyStart: declaration.body.start,
      };
    case 'VariableDeclaration': {
      const [first] = declaration.declarations;
      if (first?.id.type !== 'Identifier') return undefined;
      const isFunction = first.init?.type === 'ArrowFunctionExpression';
      return {
        name: first.id.name,
        kind: isFunction ? 'function' : 'value',
        bodyStart:
          first.init?.type === 'ArrowFunctionExpression' ? first.init.body.start : statement.end,
      };
    }
    default:
      return undefined;
  }
}

function readDoc(comment: string): { text: string; examples: string[] } {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd());
  const [text = '', ...examples] = lines.join('\n').split(/^@example\b/m);
  return { text: text.trim(), examples: examples.map((example) => example.trim()) };
}
