import { posix } from 'node:path';
import { type ImportSite, withoutComments } from './imports.ts';

/** Which package may import which: the arrows of ARCHITECTURE.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  levy: ['kernel'],
  channel: ['kernel'],
  contract: ['levy', 'kernel'],
  server: ['contract', 'levy', 'kernel', 'channel'],
  web: ['contract', 'levy', 'kernel'],
  cli: ['contract', 'levy', 'kernel'],
  'treasury-simulator': ['channel', 'kernel'],
};

/** Packages that run anywhere: no Node module may appear in them outside files named for it. */
const pure = new Set(['kernel', 'levy', 'contract']);

const isTest = (file: string) =>
  /\.(test|bench)\.tsx?$/.test(file) || /\/(testing\b|simulation\/)/.test(file);

/** The package of a file below packages/, else undefined. */
function packageOf(file: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(file)?.[1];
}

/** The capability folder of a server file, else undefined. */
function capabilityOf(file: string): string | undefined {
  return /^packages\/server\/src\/([^/]+)\//.exec(file)?.[1];
}

function crossPackage(site: ImportSite): string | undefined {
  const from = packageOf(site.file);
  const to = /^@shebao\/([^/]+)(\/.*)?$/.exec(site.specifier);
  // The deterministic simulation plays both sides of the channel in one process.
  if (site.file.startsWith('packages/server/simulation/')) return undefined;
  if (!from || !to || to[1] === from) return undefined;
  if (!arrows[from]?.includes(to[1] ?? '')) return `${from} may not import ${to[1]}`;
  return undefined;
}

function crossCapability(site: ImportSite): string | undefined {
  if (!site.specifier.startsWith('.')) return undefined;
  const target = posix.normalize(posix.join(posix.dirname(site.file), site.specifier));
  // The policy packs are data of the levy engine, kept where authorities look for them.
  if (packageOf(site.file) === 'levy' && target.startsWith('policies/')) return undefined;
  if (packageOf(target) !== packageOf(site.file)) return 'relative import leaves its package';
  const from = capabilityOf(site.file);
  const to = capabilityOf(target);
  if (!to || from === to || isTest(site.file)) return undefined;
  // The platform's modules are the tools of every capability; capabilities meet only at index.ts.
  if (to === 'platform' || target.endsWith('/index.ts')) return undefined;
  return `${from ?? 'main'} must import ${to} through its index.ts`;
}

function purity(site: ImportSite): string | undefined {
  const from = packageOf(site.file);
  if (!from || !pure.has(from) || isTest(site.file)) return undefined;
  if (!site.file.includes('/src/') || site.file.endsWith('.node.ts')) return undefined;
  return site.specifier.startsWith('node:') ? `${from} is pure: no ${site.specifier}` : undefined;
}

/** Violations of the import rules, as `file:line message`. Throws when there was nothing to read. */
export function checkImports(sites: readonly ImportSite[]): string[] {
  if (sites.length === 0) throw new Error('the architecture check has read no import at all');
  return sites.flatMap((site) =>
    [crossPackage, crossCapability, purity].flatMap((rule) => {
      const message = rule(site);
      return message ? [`${site.file}:${site.line} ${message}`] : [];
    }),
  );
}

/** Cycles between capabilities of the server; empty when their imports form a tree of dependencies. */
export function capabilityCycles(sites: readonly ImportSite[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const site of sites) {
    const from = capabilityOf(site.file);
    if (!from || isTest(site.file) || !site.specifier.startsWith('.')) continue;
    const target = posix.normalize(posix.join(posix.dirname(site.file), site.specifier));
    const to = capabilityOf(target);
    if (to && to !== from) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  const cycles: string[] = [];
  const visit = (name: string, trail: readonly string[]) => {
    if (trail.includes(name)) {
      cycles.push([...trail.slice(trail.indexOf(name)), name].join(' → '));
      return;
    }
    for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
  };
  for (const name of edges.keys()) visit(name, []);
  return [...new Set(cycles)];
}

interface TextRule {
  readonly applies: (file: string) => boolean;
  readonly pattern: RegExp;
  readonly message: string;
}

const inServer = (file: string) => file.startsWith('packages/server/src/');
/** Decision files: data and time in, events or a refusal out. */
const decisionFiles = new Set(
  [
    'certificate/certificate',
    'certificate/receipt',
    'declaration/declaration',
    'declaration/dues-items',
    'declaration/dues-payroll',
    'declaration/dues-scope',
    'employer/employer',
    'feed/feed',
    'payment/agreement',
    'payment/attempt',
    'payment/bill',
    'payment/case',
    'payment/codes',
    'payment/machine',
    'payment/order',
    'wage/wage',
  ].map((name) => `packages/server/src/${name}.ts`),
);
const isDecision = (file: string) => decisionFiles.has(file);
const isPureSource = (file: string) =>
  (pure.has(packageOf(file) ?? '') && file.includes('/src/')) || isDecision(file);

const textRules: readonly TextRule[] = [
  {
    applies: (file) => isPureSource(file) && !isTest(file) && !file.endsWith('.node.ts'),
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/,
    message: 'pure code takes the time and has no randomness',
  },
  {
    applies: (file) => inServer(file) && !file.includes('/platform/') && !isTest(file),
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    message: 'business time comes from the clock port',
  },
  {
    applies: (file) => isDecision(file),
    pattern: /from 'node:(?!crypto')|\brandom(UUID|Bytes)\b|\bsetTimeout\(|from 'pg'|from 'kysely'/,
    message: 'a decision file has no I/O',
  },
  {
    applies: (file) => inServer(file) && !file.includes('/platform/') && !isTest(file),
    pattern:
      /\.transaction\(|\.connect\(\)|['"`]\s*(begin|commit|savepoint|start transaction)\b|from 'pg'/i,
    message: 'only platform/ opens connections and transactions',
  },
  {
    applies: (file) => packageOf(file) === 'channel' && !isTest(file),
    pattern: /import \{[^}]*\b(createSign|sign)\b[^}]*\} from 'node:crypto'/,
    message: 'SM2 is never signed by the crypto of Node: it has no user id',
  },
  {
    applies: (file) => inServer(file) && !isTest(file),
    pattern: /\bMath\.random\(/,
    message: 'randomness comes from node:crypto',
  },
];

/** Violations of the rules that are visible in the text of a file. */
export function checkText(file: string, source: string): string[] {
  const text = withoutComments(source);
  return textRules.flatMap((rule) => {
    if (!rule.applies(file)) return [];
    const match = rule.pattern.exec(text);
    if (!match) return [];
    return [`${file}:${text.slice(0, match.index).split('\n').length} ${rule.message}`];
  });
}

/** Decision files of the list that are not among these files: the list must not outlive them. */
export function missingDecisionFiles(files: readonly string[]): string[] {
  const known = new Set(files);
  return [...decisionFiles].filter((file) => !known.has(file));
}
