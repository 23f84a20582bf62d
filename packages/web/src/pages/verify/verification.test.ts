import { expect, test } from 'vitest';
import { rangeProblems } from '../certificate/period-range.ts';
import { fileHash, fromAddress, plainCode } from './verification.ts';

test('number and code come from the address, the code as printed in groups', async () => {
  expect(fromAddress('/v/ZM2021-0001', '#ABCDE-FGHJK')).toEqual({
    number: 'ZM2021-0001',
    code: 'ABCDE-FGHJK',
  });
  expect(fromAddress('/verify', '')).toEqual({ number: '', code: '' });
  expect(fromAddress('/v/%E0%A4%A', '#%')).toEqual({ number: '%E0%A4%A', code: '%' });
  expect(plainCode(' abcde-fghjk mn ')).toBe('ABCDEFGHJKMN');
  expect(await fileHash(new Blob(['abc']))).toMatch(/^ba7816bf.*f20015ad$/);
});

test('a typed 所属期 is refused by field, with what to type', () => {
  expect(rangeProblems('2021-01', '2021-03')).toEqual({});
  expect(rangeProblems('2021-1', '2021-13')).toEqual({
    from: '所属期起应为 YYYY-MM，例如 2021-03',
    to: '所属期止应为 YYYY-MM，例如 2021-03',
  });
  expect(rangeProblems('2021-03', '2021-01')).toEqual({
    to: '所属期止不能早于所属期起，请改为同月或以后的月份',
  });
});
