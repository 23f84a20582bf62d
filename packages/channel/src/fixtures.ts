import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';

/** The published test keys: SM3 of the texts `example initiator key` and `example hub key`. */
export const EXAMPLE_KEYS = {
  initiator: {
    privateKey: '1ff21072e7dc9261e689e55bcc4dcb0e2d190c33e4323b5b944fd03d40b539dc',
    publicKey:
      'ec4c7f28c30b2ee444227b752df01c6798c5fdca6bdc8007e0811becf7dacbef' +
      'd10f472eadbf347880045c1b0cdcdd5cfbc19c63c9edb4f5e7fcde7a519ce01c',
  },
  hub: {
    privateKey: '628469560f2bac2ae907a093533db71a3c40563741a8d1475ffdc4d7764da97b',
    publicKey:
      '08214b45e59122f34c1b1032c9f37b51da3041a55ccbee98df28f34543ef37d6' +
      '712a2bdf1f4f90557c829adff6ffb3e80f515b732a935f7feddc7a7a60c480ff',
  },
} as const;

/** One signed example of every message, as it travels. */
export const EXAMPLES: readonly Buffer[] = readFileSync(
  new URL('../fixtures/examples.xml.txt', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => iconv.encode(line, 'gbk'));
