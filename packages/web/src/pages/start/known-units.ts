import { readStored, writeStored } from '../../shared/stored.ts';

/** A taxpayer added on this device. */
export interface KnownTaxpayer {
  readonly taxpayerId: string;
  readonly name: string;
}

const isList = (value: unknown): boolean => Array.isArray(value);

/** The list of 缴费单位 of this browser, the last used first. */
export function knownTaxpayers(): readonly KnownTaxpayer[] {
  return readStored<readonly KnownTaxpayer[]>('taxpayers', [], isList);
}

/** Puts a taxpayer on top of the list. */
export function rememberTaxpayer(taxpayer: KnownTaxpayer): void {
  const others = knownTaxpayers().filter((one) => one.taxpayerId !== taxpayer.taxpayerId);
  writeStored('taxpayers', [taxpayer, ...others]);
}

/** Takes a taxpayer off the list of this browser; nothing else changes. */
export function forgetTaxpayer(taxpayerId: string): void {
  writeStored(
    'taxpayers',
    knownTaxpayers().filter((one) => one.taxpayerId !== taxpayerId),
  );
}
