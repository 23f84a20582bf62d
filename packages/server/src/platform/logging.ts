import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

const secretFields = [
  'password',
  'newPassword',
  'currentPassword',
  'initialPassword',
  'token',
  'setupToken',
  'cookie',
  'authorization',
  'identityNumber',
  'accountNo',
  'phone',
];

// The last line of defence: whatever looks like an identity number, an account or a phone is masked.
const identityNumber = /(?<![0-9A-Za-z-])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z-])/g;
const longNumber = /(?<![0-9A-Za-z.-])\d{12,}(\d{4})(?![0-9A-Za-z.-])/g;
const mobile = /(?<![0-9A-Za-z.-])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z.-])/g;

/** Masks numbers of people and accounts inside a text. */
function maskNumbers(text: string): string {
  return text
    .replace(identityNumber, '$1********$2')
    .replace(longNumber, '****$1')
    .replace(mobile, '$1****$2');
}

/** Structured log on standard error, without passwords, tokens and personal numbers. */
export function createLogger(
  level: Config['logLevel'],
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: maskNumbers },
    },
    destination,
  );
}
