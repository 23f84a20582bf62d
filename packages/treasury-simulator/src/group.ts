/** Members that share a key, in the order in which the keys first appear. */
export interface Group<T> {
  readonly key: string;
  readonly members: readonly T[];
}

/** Groups by a key. */
export function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): readonly Group<T>[] {
  return [...Map.groupBy(all, keyOf)].map(([key, members]) => ({ key, members }));
}
