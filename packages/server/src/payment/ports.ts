import type { TreasuryPorts } from '../treasury/index.ts';
import type { Times } from './advance.ts';

/** What payment needs from outside, besides the port to the channel. */
export interface PaymentPorts extends TreasuryPorts {
  readonly times: Times;
  /** Opens a sealed account number. */
  open(cipher: Uint8Array, aad: string): string;
  /** Attempts that this process is sending at the moment. */
  readonly inFlight: Set<string>;
  /** Attempts of which every try so far failed before a connection stood. Lost with the process, on purpose. */
  readonly unconnected: Set<string>;
}

/** What a sealed account number is bound to. */
export function accountAad(id: number): string {
  return `bank_account.number.${id}`;
}
