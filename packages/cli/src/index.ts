export { answerLine, answerStream } from './levy.ts';
export type { LevyContext } from './levy-answer.ts';
