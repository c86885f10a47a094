/**
 * Codecs: every way a value stands in a text, and is taken from it.
 *
 * There are three tables, one file per kind, each with the same five verbs:
 *
 * - `LOCATORS` (`locators.ts`): where in an answer a text stands: cookie, header, JSON leaf, form field.
 * - `OPENERS` (`openers.ts`): what that text is opened with, one after the other: base64, a parameter
 *   of a URL, the claims of a JWT.
 * - `TRANSFORMS` (`transforms.ts`): what a client makes of values before it sends them: escapes,
 *   digests, HMAC, PBKDF2. Their values are texts or bytes.
 *
 * To find a value in an answer: `placeOf(new AnswerView(response, url), value)` (`place.ts`);
 * inside a text: `openersTo(text, value)`. To take what a place names: `takeFrom(place, answer)`, to
 * put a fresh one there: `putInto(place, answer, fresh)` (`place.ts`). Whatever `find` answers has been
 * taken: a place that does not yield exactly the value is never answered.
 *
 * A new kind is one entry of its table and one test: "Adding a codec" in `lib/README.md`.
 */
import type { HttpResponse } from "../http/exchange.ts";
import type { AnswerView } from "./answer_view.ts";
import type { Value } from "./bytes.ts";
import type { Uses, Written } from "./code.ts";

/** Shows a name or a text of a codec to somebody who may not see all of them. */
export interface Mask {
  name(text: string): string;
  text(text: string): string;
}

/** What all kinds have. */
interface Codec<T> {
  /** For people: `form field "csrf"`. No value in it. */
  describe(way: T): string;
  /** The same way with the names and texts in it replaced. */
  masked?(way: T, mask: Mask): T;
  /** Functions the written code calls, as TypeScript. */
  readonly snippets?: readonly string[];
}

/** A kind of place in an answer. */
export interface LocatorCodec<L> extends Codec<L> {
  /** False when the code needs the response's head alone. */
  readonly readsBody: boolean;
  /** The places of this kind, each with what `take` yields there. `value`: what is looked for. */
  find(answer: AnswerView, value: string): Iterable<readonly [L, string]>;
  take(locator: L, answer: AnswerView): string | undefined;
  /** The answer with `fresh` at the place; `undefined` when that cannot be done. */
  put(locator: L, answer: AnswerView, fresh: string): HttpResponse | undefined;
  /** Code over the variables `step` (a `Response`) and `<step>_text` that yields what `take` does. */
  write(locator: L, step: string, uses: Uses): string;
  /** What a variable for it may be called; `""` when the place has no name. */
  name(locator: L): string;
}

/** A kind of opening: from a text to a text inside it. */
export interface OpenerCodec<O> extends Codec<O> {
  /** The ways of this kind to open the text, each with what `take` yields. `value`: what is looked for. */
  find(text: string, value: string): Iterable<readonly [O, string]>;
  take(opener: O, text: string): string | undefined;
  /** The text changed so that `take` yields `fresh`; `undefined` when that cannot be done. */
  put(opener: O, text: string, fresh: string): string | undefined;
  /** Code that yields what `take` does; `text` is code that yields a string. */
  write(opener: O, text: string, uses: Uses): string;
}

/** A kind of computation: from values to one value. */
export interface TransformCodec {
  /** What it makes, for people: `SHA-1 in base64`. */
  readonly describe: string;
  readonly yields: "text" | "bytes";
  /**
   * The value made of the arguments.
   *
   * @throws {Error} when they are not in the domain of the transform.
   */
  apply(args: readonly Value[]): Value;
  /** Code that computes what `apply` does; may contain `await`. */
  write(args: readonly Written[], uses: Uses): string;
  /** True where it draws chance of its own: the same arguments yield another value each time. */
  readonly draws?: boolean;
  /** Arguments that the code takes as numbers: positions and lengths. */
  readonly numbers: readonly number[];
  readonly snippets?: readonly string[];
}
