import type { TransformOp } from "../codec/transforms.ts";
import type { Input } from "./flow.ts";
import type { Leaf, Place } from "./leaves.ts";

/** A value a person typed. `place` is the leaf it is, or the leaf it is inside. */
export interface TypedValue {
  readonly kind: Input["kind"];
  readonly name: string;
  readonly value: string;
  readonly place: Place;
  /** Where inside the leaf it stands; absent when it is the whole leaf. */
  readonly part?: TypedPart;
  /** What says that somebody typed it, for people: `a password box of t_0003 sends it`. */
  readonly why?: string;
}

/** What may have been typed: a leaf, or a stretch of the text that one holds. */
export interface Candidate extends Leaf {
  readonly part?: TypedPart;
}

/** A stretch of the text that a leaf holds, or of the text inside the leaf's base64. */
export interface TypedPart {
  /** What precedes the encoded text: `Basic `. */
  readonly prefix: string;
  readonly encoding: "base64" | "base64url" | "hex" | null;
  readonly start: number;
  readonly end: number;
  /** How the value is written there. */
  readonly escape: TransformOp | null;
}

/** What lets somebody in is among it. */
export function holdsSecret(typed: readonly TypedValue[]): boolean {
  return typed.some(({ kind }) => kind === "password" || kind === "one-time-code");
}

export function typedAs(kind: Input["kind"], why: string): (leaf: Candidate) => TypedValue {
  return ({ name, value, place, part }) => ({
    ...part === undefined ? {} : { part },
    kind,
    name,
    value,
    place,
    why,
  });
}

/** What the user told says nothing more; how a recording browser saw it, it says. */
export function whyTold({ why = "you told it" }: TypedValue): string {
  return why;
}

/** Why a leaf was typed; `null` where nothing says so. */
export type Why = (leaf: Candidate) => string | null;

/** The leaves that were typed, each with the reason. */
export function typedWhere(
  kind: Input["kind"],
  leaves: readonly Candidate[],
  whyOf: Why,
): TypedValue[] {
  return leaves.flatMap((leaf) => {
    const why = whyOf(leaf);
    return why === null ? [] : [typedAs(kind, why)(leaf)];
  });
}

/** What the first row finds that finds anything: evidence in the order of its weight. */
export function firstTyped(
  kind: Input["kind"],
  rows: readonly (readonly [leaves: readonly Candidate[], why: Why])[],
): TypedValue[] {
  return rows.values().map(([leaves, why]) => typedWhere(kind, leaves, why))
    .find((typed) => typed.length > 0) ?? [];
}

/** Who it is and the secret, asked for as such whatever the request calls them. */
export function bothOf(
  who: Candidate | undefined,
  secret: Candidate | undefined,
  why: (which: "first" | "second", leaf: Candidate) => string,
): TypedValue[] {
  const [first, second] = [who, secret].map((leaf) => leaf === undefined ? [] : [leaf]);
  return [
    ...typedWhere("identifier", first!, (leaf) => why("first", leaf))
      .map((typed) => ({ ...typed, name: "username" })),
    ...typedWhere("password", second!, (leaf) => why("second", leaf))
      .map((typed) => ({ ...typed, name: "password" })),
  ];
}
