export type { FormColumn, FormDocument } from './form.ts';
export { pageTexts } from './form.ts';
export { openPress, type Press } from './press.ts';
export type { MissingGlyph } from './render.ts';
export { amountInWords } from './words.ts';
