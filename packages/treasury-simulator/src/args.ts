/** The arguments of a command: a flat object of texts, numbers and truth values. */
export class Args {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#values = isObject ? { ...value } : {};
  }

  /** An argument that may be missing; numbers and truth values are taken as they are written. */
  optional(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined || value === '') throw new RangeError(`缺少参数 ${name}`);
    return value;
  }

  number(name: string, otherwise: number): number {
    const value = this.optional(name);
    if (value === undefined || value === '') return otherwise;
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`参数 ${name} 应为整数`);
    return number;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], otherwise?: T): T {
    const value = this.optional(name);
    const found =
      value === undefined || value === '' ? otherwise : allowed.find((each) => each === value);
    if (found === undefined) throw new RangeError(`参数 ${name} 应为 ${allowed.join('、')} 之一`);
    return found;
  }
}
