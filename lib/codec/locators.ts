/** Where in an answer a text stands. */
import type { HttpResponse } from "../http/exchange.ts";
import { AnswerView } from "./answer_view.ts";
import type { LocatorCodec } from "./codec.ts";
import { attribute } from "./locators/attribute.ts";
import { between } from "./locators/between.ts";
import { body } from "./locators/body.ts";
import { cookie } from "./locators/cookie.ts";
import { fieldAt } from "./locators/field_at.ts";
import { formAction } from "./locators/form_action.ts";
import { formField } from "./locators/form_field.ts";
import { header } from "./locators/header.ts";
import { jsonBody } from "./locators/json_body.ts";
import { location } from "./locators/location.ts";
import { locationParam } from "./locators/location_param.ts";
import { meta } from "./locators/meta.ts";
import { xmlBody } from "./locators/xml_body.ts";

/** In the order in which a value is looked for: structured places first, raw text last. */
export const LOCATORS = {
  "cookie": cookie,
  "location-param": locationParam,
  "location": location,
  "header": header,
  "json": jsonBody,
  "xml": xmlBody,
  "form-field": formField,
  "form-action": formAction,
  "meta": meta,
  "attribute": attribute,
  "body": body,
  "between": between,
  "field-at": fieldAt,
};

type LocatorOf<C> = C extends LocatorCodec<infer L> ? L : never;

/** One place in an answer. */
export type Locator = LocatorOf<(typeof LOCATORS)[keyof typeof LOCATORS]>;

export function locatorCodec(kind: Locator["kind"]): LocatorCodec<Locator> {
  return LOCATORS[kind] as LocatorCodec<Locator>;
}

/** The text a locator names; `undefined` when the answer has no such place. */
export function takeLocated(locator: Locator, answer: AnswerView): string | undefined {
  return locatorCodec(locator.kind).take(locator, answer);
}

/** The answer with `fresh` where the locator takes; `undefined` when that cannot be done. */
export function putLocated(
  locator: Locator,
  answer: AnswerView,
  fresh: string,
): HttpResponse | undefined {
  const put = locatorCodec(locator.kind).put(locator, answer, fresh);
  if (put === undefined) return undefined;
  const changed = new AnswerView(put, answer.url, answer.isMadeUp);
  return takeLocated(locator, changed) === fresh ? put : undefined;
}

/** Where in a response a value stands, for people: `body data.token`, `form field "csrf"`. */
export function describeLocator(locator: Locator): string {
  return locatorCodec(locator.kind).describe(locator);
}
