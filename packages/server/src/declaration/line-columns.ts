import type { Fen } from '@shebao/kernel';

/** One person behind an item, as figures. */
export interface PersonLine {
  readonly personId: string;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  /** What is due: the difference, where something was levied before. */
  readonly amountFen: Fen;
  /** Due for the month in full. */
  readonly fullFen: Fen;
}

/** The people behind an item as columns: a large unit has half a million of such lines. */
export class LineColumns implements Iterable<PersonLine> {
  readonly personIds: string[] = [];
  readonly wagesFen: number[] = [];
  readonly basesFen: number[] = [];
  readonly amountsFen: number[] = [];
  readonly fullsFen: number[] = [];

  get length(): number {
    return this.personIds.length;
  }

  add(personId: string, wage: number, base: number, amount: number, full: number): void {
    this.personIds.push(personId);
    this.wagesFen.push(wage);
    this.basesFen.push(base);
    this.amountsFen.push(amount);
    this.fullsFen.push(full);
  }

  at(index: number): PersonLine {
    return {
      personId: this.personIds[index] ?? '',
      wageFen: this.wagesFen[index] as Fen,
      baseFen: this.basesFen[index] as Fen,
      amountFen: this.amountsFen[index] as Fen,
      fullFen: this.fullsFen[index] as Fen,
    };
  }

  find(personId: string): PersonLine | undefined {
    const index = this.personIds.indexOf(personId);
    return index < 0 ? undefined : this.at(index);
  }

  *[Symbol.iterator](): Generator<PersonLine> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }
}
