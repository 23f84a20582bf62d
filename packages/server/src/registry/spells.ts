import { assert, type Month } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';

/** An insured spell of a person: both months inclusive; `to` null while no end is delivered. */
export interface Spell {
  readonly insurance: Insurance;
  readonly from: Month;
  readonly to: Month | null;
}

/**
 * The insurances by their stored code (index + 1). Codes are in the database: append, never reorder.
 */
export const insuranceByCode: readonly Insurance[] = [
  'enterprisePension',
  'institutionPension',
  'occupationalAnnuity',
  'unemployment',
  'medical',
  'maternity',
  'workInjury',
  'largeMedical',
];

const codes = new Map(insuranceByCode.map((insurance, at) => [insurance, at + 1]));

/** The stored code of an insurance. */
function insuranceCode(insurance: Insurance): number {
  const code = codes.get(insurance);
  assert(code !== undefined, `insurance without a code: ${insurance}`);
  return code;
}

/** Writes spells as they are stored: triples (code, from, to or 0), by code and first month. */
export function encodeSpells(spells: readonly Spell[]): number[] {
  return spells
    .map((spell) => [insuranceCode(spell.insurance), spell.from, spell.to ?? 0] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .flat();
}

/** Reads stored triples. */
export function decodeSpells(stored: readonly number[]): Spell[] {
  assert(stored.length % 3 === 0, 'spells are not triples');
  const spells: Spell[] = [];
  for (let at = 0; at < stored.length; at += 3) {
    const insurance = insuranceByCode[(stored[at] ?? 0) - 1];
    assert(insurance !== undefined, `unknown insurance code ${stored[at]}`);
    const to = stored[at + 2] as Month;
    spells.push({ insurance, from: stored[at + 1] as Month, to: to === 0 ? null : to });
  }
  return spells;
}

/** What a delivered spell does to those already held. */
export type SpellVerdict = 'accepted' | 'unchanged' | 'conflict';

/**
 * Puts a delivered spell among those held of the same person at the same unit. One that overlaps
 * a single held spell of its insurance corrects it (an end, a start moved); one that overlaps none
 * is new; one that overlaps several can't be told apart and is refused.
 */
export function mergeSpell(
  held: readonly Spell[],
  delivered: Spell,
): {
  readonly verdict: SpellVerdict;
  readonly spells: readonly Spell[];
  /** The held spell that is meant: confirmed or corrected. */
  readonly meant?: Spell;
} {
  const touched = held.filter((spell) => overlap(spell, delivered));
  if (touched.length > 1) return { verdict: 'conflict', spells: held };
  const [meant] = touched;
  if (meant === undefined) return { verdict: 'accepted', spells: [...held, delivered] };
  if (meant.from === delivered.from && meant.to === delivered.to) {
    return { verdict: 'unchanged', spells: held, meant };
  }
  const spells = held.map((spell) => (spell === meant ? delivered : spell));
  return { verdict: 'accepted', spells, meant };
}

/** Whether a person is insured on, in anything, without a delivered end. */
export function isOpen(spells: readonly Spell[]): boolean {
  return spells.some((spell) => spell.to === null);
}

function overlap(a: Spell, b: Spell): boolean {
  return (
    a.insurance === b.insurance &&
    a.from <= (b.to ?? Number.POSITIVE_INFINITY) &&
    b.from <= (a.to ?? Number.POSITIVE_INFINITY)
  );
}
