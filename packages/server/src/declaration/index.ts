export { type LeviedSpan, takeOverLevied } from './takeover.ts';
