import type { EncryptedColumn } from './platform/rotate-keys.ts';

/** Every column that holds encrypted values; a test finds one that is missing here. */
export const encryptedColumns: readonly EncryptedColumn[] = [
  {
    table: 'identity',
    key: 'person_id',
    column: 'number_cipher',
    aad: (personId) => `identity.number_cipher:${personId}`,
  },
  {
    table: 'bank_account',
    key: 'id',
    column: 'cipher',
    aad: (id) => `bank_account.number.${id}`,
  },
  {
    table: 'signing_key',
    key: 'id',
    column: 'private_cipher',
    aad: () => 'signing_key.private',
  },
  {
    table: 'treasury_key',
    key: 'public_key',
    column: 'private_cipher',
    aad: () => 'treasury_key.private',
  },
];
