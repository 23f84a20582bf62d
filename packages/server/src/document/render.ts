import { readFileSync } from 'node:fs';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { err, ok, type Result } from '@shebao/kernel';
import { renderSVG } from 'uqr';
import type { FontSet } from './fonts.ts';
import { type FormDocument, pagesOf, textsOf } from './form.ts';

/** A character that no font has, and the text it stands in. */
export interface MissingGlyph {
  readonly character: string;
  readonly text: string;
}

/** Draws forms as PDF: tagged, embedded fonts, the same bytes for the same form. */
export interface DocumentRenderer {
  render(form: FormDocument): Result<Buffer, MissingGlyph>;
}

const template = readFileSync(new URL('./templates/form.typ', import.meta.url), 'utf8');

/** Opens the compiler once with its fonts; one certificate then takes a few milliseconds. */
export function createRenderer(fonts: FontSet): DocumentRenderer {
  const compiler = NodeCompiler.create({
    workspace: import.meta.dirname,
    fontArgs: [{ fontBlobs: fonts.files.map((file) => readFileSync(file)) }],
  });
  return {
    render(form) {
      for (const text of textsOf(form)) {
        const character = fonts.missingCharacter(text);
        if (character !== undefined) return err({ character, text });
      }
      const { verification, ...rest } = form;
      const data = {
        ...rest,
        fonts: fonts.families,
        pages: pagesOf(form),
        verification: verification
          ? {
              qr: renderSVG(verification.url, { ecc: 'M', border: 4 }),
              code: verification.code,
              page: verification.url.replace(/#.*$/, ''),
            }
          : null,
      };
      const pdf = compiler.pdf({
        mainFileContent: template,
        inputs: { data: JSON.stringify(data) },
      });
      compiler.evictCache(30);
      return ok(pdf);
    },
  };
}
