import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Font, openSync } from 'fontkit';

/** The fonts that documents are drawn with, and what they can draw. */
export interface FontSet {
  /** Files in the order in which a character is looked for. */
  readonly files: readonly string[];
  /** Their family names in the same order, for the template. */
  readonly families: readonly string[];
  /** The first character of a text that no font has, else undefined. */
  missingCharacter(text: string): string | undefined;
}

const require = createRequire(import.meta.url);

/** The font files that come with the product: the two weights the template uses. */
function bundledFonts(): string[] {
  const folder = dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'));
  return [
    join(folder, '400Regular', 'NotoSansSC_400Regular.ttf'),
    join(folder, '700Bold', 'NotoSansSC_700Bold.ttf'),
  ];
}

function openFonts(file: string): Font[] {
  const opened = openSync(file);
  return 'fonts' in opened ? opened.fonts : [opened];
}

/**
 * Opens the bundled fonts and those of a further folder (SHEBAO_FONT_DIR).
 * A lost character in a name is a wrong certificate, so coverage is asked before anything is drawn.
 */
export function loadFonts(extraFolder: string | undefined): FontSet {
  const extra =
    extraFolder && existsSync(extraFolder)
      ? readdirSync(extraFolder)
          .filter((name) => /\.(ttf|otf|ttc)$/i.test(name))
          .sort()
          .map((name) => join(extraFolder, name))
      : [];
  const files = [...bundledFonts(), ...extra];
  const fonts = files.flatMap(openFonts);
  const known = new Map<number, boolean>();
  const covers = (codePoint: number) => {
    const cached = known.get(codePoint);
    if (cached !== undefined) return cached;
    const found = fonts.some((font) => font.hasGlyphForCodePoint(codePoint));
    known.set(codePoint, found);
    return found;
  };
  return {
    files,
    families: [...new Set(fonts.map((font) => font.familyName))],
    missingCharacter(text) {
      for (const character of text) {
        if (character === '\n') continue;
        if (!covers(character.codePointAt(0) ?? 0)) return character;
      }
      return undefined;
    },
  };
}
