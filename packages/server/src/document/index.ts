export type { FormDocument } from './form.ts';
export { pageTexts } from './form.ts';
export { openPress, type Press } from './press.ts';
export { amountInWords } from './words.ts';
