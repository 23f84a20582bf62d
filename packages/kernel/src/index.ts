export * from './money.ts';
export * from './month.ts';
export * from './result.ts';
