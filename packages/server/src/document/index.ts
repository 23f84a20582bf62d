export { type FontSet, loadFonts } from './fonts.ts';
export { type FormColumn, type FormDocument, pageTexts, pagesOf } from './form.ts';
export { createRenderer, type DocumentRenderer, type MissingGlyph } from './render.ts';
export { createSigner, createSigningKey, type DocumentSigner, type SigningKey } from './signer.ts';
