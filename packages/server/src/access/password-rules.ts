/** The installation's password profiles: NIST and ASVS on one side, 等保 level 3 on the other. */
export interface PasswordProfile {
  readonly name: 'ASVS' | 'MLPS3';
  readonly minLength: number;
  readonly maxLength: number;
  /** How many of upper case, lower case, digits, others must occur. */
  readonly minClasses: number;
  readonly expiryDays: number | null;
  /** How many earlier passwords may not come back. */
  readonly barredFormer: number;
  readonly failuresToLock: number;
  readonly lockMinutes: number;
  readonly delayFromFailure: number;
  readonly idleMinutes: number;
  readonly absoluteHours: number;
}

export const passwordProfiles: Readonly<Record<'ASVS' | 'MLPS3', PasswordProfile>> = {
  ASVS: {
    name: 'ASVS',
    minLength: 15,
    maxLength: 128,
    minClasses: 1,
    expiryDays: null,
    barredFormer: 0,
    failuresToLock: 10,
    lockMinutes: 15,
    delayFromFailure: 5,
    idleMinutes: 30,
    absoluteHours: 12,
  },
  MLPS3: {
    name: 'MLPS3',
    minLength: 8,
    maxLength: 128,
    minClasses: 3,
    expiryDays: 90,
    barredFormer: 5,
    failuresToLock: 5,
    lockMinutes: 30,
    delayFromFailure: 4,
    idleMinutes: 15,
    absoluteHours: 8,
  },
};

/** The rules as the dialog states them beforehand, one line each. */
export function ruleLines(profile: PasswordProfile): string[] {
  const lines = [`长度为 ${profile.minLength} 至 ${profile.maxLength} 个字符，可用中文和空格`];
  if (profile.minClasses > 1) {
    lines.push(`大写字母、小写字母、数字、其他符号中至少包含 ${profile.minClasses} 类`);
  }
  lines.push('不能与初始密码相同');
  lines.push('不能是常见密码、重复或连续的字符');
  lines.push('不能包含纳税人识别号、单位编号、用户名或单位名称');
  if (profile.barredFormer > 0) lines.push(`不能与最近 ${profile.barredFormer} 次用过的密码相同`);
  if (profile.expiryDays !== null) lines.push(`每 ${profile.expiryDays} 天须更换一次`);
  return lines;
}

export interface PasswordContext {
  readonly profile: PasswordProfile;
  readonly isCommon: (lowerCase: string) => boolean;
  /** 纳税人识别号, 单位编号, user name, names of the units. */
  readonly identifiers: readonly string[];
}

/** The rule that a new password breaks, in Chinese; `undefined` when it breaks none. */
export function passwordFault(password: string, context: PasswordContext): string | undefined {
  const { profile } = context;
  const length = [...password].length;
  if (length < profile.minLength) return `长度不能少于 ${profile.minLength} 个字符`;
  if (length > profile.maxLength) return `长度不能超过 ${profile.maxLength} 个字符`;
  if (/\p{Cc}/u.test(password)) return '不能包含控制字符';
  if (classesIn(password) < profile.minClasses) {
    return `大写字母、小写字母、数字、其他符号中至少包含 ${profile.minClasses} 类`;
  }
  const lower = password.toLowerCase();
  if (isCommonForm(lower, context.isCommon)) return '不能是常见密码、重复或连续的字符';
  for (const identifier of context.identifiers) {
    if (holds(lower, identifier.toLowerCase())) {
      return '不能包含纳税人识别号、单位编号、用户名或单位名称';
    }
  }
  return undefined;
}

function classesIn(password: string): number {
  const classes = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u];
  return classes.filter((one) => one.test(password)).length;
}

function holds(lower: string, identifier: string): boolean {
  if (identifier.length < 3) return false;
  return lower.includes(identifier) || lower.includes([...identifier].reverse().join(''));
}

/** Common as it stands, with digits or signs around, doubled, or a mere run of neighbours. */
function isCommonForm(lower: string, isCommon: (text: string) => boolean): boolean {
  const core = lower.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (isCommon(lower)) return true;
  if (core.length >= 4 && core.length * 2 >= lower.length && isCommon(core)) return true;
  const block = repeatedBlock(lower);
  if (block.length < lower.length && (block.length <= 4 || isCommon(block))) return true;
  return isRun(lower);
}

function repeatedBlock(text: string): string {
  for (let size = 1; size <= text.length / 2; size += 1) {
    const block = text.slice(0, size);
    // The last repetition may be cut off: 123412341234123.
    if (block.repeat(Math.ceil(text.length / size)).slice(0, text.length) === text) return block;
  }
  return text;
}

const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiopasdfghjklzxcvbnm'];

/** Made of neighbours only: 123456789012345, qwertyuiopasdfg, fedcba9876543210. */
function isRun(text: string): boolean {
  const forward = runs.map((run) => run.repeat(3));
  const all = [...forward, ...forward.map((run) => [...run].reverse().join(''))];
  let rest = text;
  while (rest.length > 0) {
    const length = all.reduce((most, run) => Math.max(most, commonLength(rest, run)), 0);
    if (length < Math.min(4, rest.length)) return false;
    rest = rest.slice(length);
  }
  return true;
}

function commonLength(text: string, run: string): number {
  let length = 0;
  while (length < text.length && run.includes(text.slice(0, length + 1))) length += 1;
  return length;
}
