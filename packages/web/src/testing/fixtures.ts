import type { AnswerOf, listWageCandidates, SessionInfo } from '@shebao/contract';

type Candidate = AnswerOf<typeof listWageCandidates>['people'][number];

export const unitNo = '33010021';

/** A session of the administrator of an institution with two units. */
export const session: SessionInfo = {
  realm: 'employer',
  userName: 'admin',
  displayName: '管理员',
  mustChangePassword: false,
  passwordRules: { profile: 'ASVS', rules: ['至少 12 个字符'] },
  csrfToken: 'csrf-1',
  businessDate: '2021-03-10',
  period: '2021-03',
  demo: true,
  taxpayer: { taxpayerId: '12330100MB0000001X', name: '杭州市示例学校' },
  units: [unitNo, '33010022'].map((no) => ({
    unitNo: no,
    name: no === unitNo ? '校本部' : '分校',
    region: '330100',
    unitKind: 'institution',
    fundingType: 'partial',
    functions: ['roster', 'wage', 'declare', 'pay', 'certificate', 'query', 'administer'],
  })),
  roles: [],
  expiresAt: '2021-03-10T18:00:00+08:00',
};

/** Somebody insured since a month, with the years that may be declared. */
export function candidate(
  id: string,
  name: string,
  months: readonly string[],
  firstMissing: string | null,
): Candidate {
  return {
    personId: id,
    name,
    identityNumber: '330102********1234',
    unitNo,
    enrolledFrom: months[0] ?? '2021-03',
    currentWage: null,
    effectiveMonths: months.map((month) => ({ month, wage: null })),
    firstMissing,
  };
}
