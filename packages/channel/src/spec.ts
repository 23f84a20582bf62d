import type { FieldSpec } from './fields.ts';

/** How often a block stands: once, at most once, at least once, or any number of times. */
export type Times = 'one' | 'optional' | 'some' | 'any';

/** A block of a message: its fields in order, then the blocks inside it. */
export interface BlockSpec {
  readonly times: Times;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  readonly inner?: Blocks;
}

/** Blocks in their order. Names are without the message number, which the element name carries behind them. */
export type Blocks = Readonly<Record<string, BlockSpec>>;

/** Where a message travels: the two lanes of the peer, and the inbox of the initiator. */
export type Lane = 'online' | 'batch' | 'inbox';

/** One message of the catalogue. */
export interface MessageSpec {
  readonly title: string;
  /** Where a request body may hold it; answers also stand in responses. */
  readonly lanes: readonly Lane[];
  readonly blocks: Blocks;
}

type OptionalFields<F> = { [K in keyof F]: F[K] extends `${string}?` ? K : never }[keyof F];

type FieldValues<F> = { readonly [K in Exclude<keyof F, OptionalFields<F>>]: string } & {
  readonly [K in OptionalFields<F>]?: string;
};

type Inner<B> = B extends { readonly inner: infer I } ? I : Record<never, never>;

type Repeat<T, Value> = T extends 'some' | 'any' ? readonly Value[] : Value;

type OptionalBlocks<M> = {
  [K in keyof M]: M[K] extends { readonly times: 'optional' | 'any' } ? K : never;
}[keyof M];

type TimesOf<B> = B extends { readonly times: infer T } ? T : never;
type FieldsOf<B> = B extends { readonly fields: infer F } ? F : never;

/** The value of one block when it is written: fields that may be empty may be left out. */
export type WrittenBlock<B> = FieldValues<FieldsOf<B>> & WrittenBlocks<Inner<B>>;

/** The values of blocks when they are written. */
export type WrittenBlocks<M> = {
  readonly [K in Exclude<keyof M, OptionalBlocks<M>>]: Repeat<TimesOf<M[K]>, WrittenBlock<M[K]>>;
} & {
  readonly [K in OptionalBlocks<M>]?: Repeat<TimesOf<M[K]>, WrittenBlock<M[K]>>;
};

/** The value of one block as read: every field is there, empty ones as ''. */
export type ReadBlock<B> = { readonly [K in keyof FieldsOf<B>]: string } & ReadBlocks<Inner<B>>;

type ReadRepeat<T, Value> = T extends 'some' | 'any'
  ? readonly Value[]
  : T extends 'optional'
    ? Value | null
    : Value;

/** The values of blocks as read: lists are there even when empty, an absent optional block is null. */
export type ReadBlocks<M> = {
  readonly [K in keyof M]: ReadRepeat<TimesOf<M[K]>, ReadBlock<M[K]>>;
};
