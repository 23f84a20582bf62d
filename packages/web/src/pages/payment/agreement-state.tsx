import type { AnswerOf, listAgreements } from '@shebao/contract';
import { Tag, type Tone } from '../../shared/index.ts';

type State = AnswerOf<typeof listAgreements>['agreements'][number]['state'];

const tones: Record<State, Tone> = {
  待验证: 'calm',
  验证中: 'wait',
  验证失败: 'bad',
  验证结果待核实: 'warn',
  有效: 'good',
  需复核: 'warn',
  撤销中: 'wait',
  已终止: 'calm',
};

/** The state of a 三方协议. */
export function AgreementState({ state }: { readonly state: State }) {
  return <Tag tone={tones[state]}>{state}</Tag>;
}
