export * from './credit-code.ts';
export * from './day.ts';
export * from './decimal.ts';
export * from './identity.ts';
export * from './money.ts';
export * from './month.ts';
export * from './result.ts';
export * from './rounding.ts';
