/** A place in an answer: a locator, and how its text is opened to the value in it. */
import type { HttpResponse } from "../http/exchange.ts";
import type { AnswerView } from "./answer_view.ts";
import type { Uses } from "./code.ts";
import type { LocatorCodec, Mask } from "./codec.ts";
import { type Locator, locatorCodec, LOCATORS, putLocated, takeLocated } from "./locators.ts";
import {
  type Opener,
  openerCodec,
  openersTo,
  putOpened,
  takeOpened,
  writeOpened,
} from "./openers.ts";

export interface Place {
  readonly locator: Locator;
  readonly openers: readonly Opener[];
}

/**
 * The first place of the answer that yields exactly this value; `null` when there is none. It has been
 * taken from: what the finder of a kind built and its `take` disagree about is never answered.
 */
export function placeOf(
  answer: AnswerView,
  value: string,
  accept: (locator: Locator) => boolean = () => true,
): Place | null {
  for (const codec of Object.values(LOCATORS) as LocatorCodec<Locator>[]) {
    for (const [locator, text] of codec.find(answer, value)) {
      if (!accept(locator)) continue;
      const openers = openersTo(text, value);
      if (openers === null) continue;
      const place = { locator, openers };
      if (takeFrom(place, answer) === value) return place;
    }
  }
  return null;
}

/** Kinds of places whose text is a value by itself and not a document that holds some. */
const NAMED: readonly Locator["kind"][] = [
  "cookie",
  "location-param",
  "header",
  "json",
  "xml",
  "form-field",
  "meta",
];

/** A place of an answer that has a name, and what stands there. */
export interface NamedPlace {
  readonly locator: Locator;
  readonly name: string;
  readonly text: string;
}

export function* namedPlaces(
  answer: AnswerView,
  kinds: readonly Locator["kind"][] = NAMED,
): Generator<NamedPlace> {
  for (const kind of kinds) {
    const codec = locatorCodec(kind);
    for (const [locator, text] of codec.find(answer, "")) {
      yield { locator, name: codec.name(locator), text };
    }
  }
}

/** The value at a place; `undefined` when the answer has none. */
export function takeFrom({ locator, openers }: Place, answer: AnswerView): string | undefined {
  const located = takeLocated(locator, answer);
  return located === undefined ? undefined : takeOpened(openers, located);
}

/** The answer with `fresh` at the place; `undefined` when that cannot be done. */
export function putInto(
  { locator, openers }: Place,
  answer: AnswerView,
  fresh: string,
): HttpResponse | undefined {
  const located = takeLocated(locator, answer);
  const text = located === undefined ? undefined : putOpened(openers, located, fresh);
  return text === undefined ? undefined : putLocated(locator, answer, text);
}

/** Code over the variables of a step that takes what `takeFrom` takes. */
export function writePlace({ locator, openers }: Place, step: string, uses: Uses): string {
  return writeOpened(openers, locatorCodec(locator.kind).write(locator, step, uses), uses);
}

/** The place with the names and texts in it replaced. */
export function maskedPlace({ locator, openers }: Place, mask: Mask): Place {
  const codec = locatorCodec(locator.kind);
  return {
    locator: codec.masked?.(locator, mask) ?? locator,
    openers: openers.map((opener) => openerCodec(opener.kind).masked?.(opener, mask) ?? opener),
  };
}
