/**
 * Values that a page or an answer hands out for the next request: anti-forgery tokens and nonces in hidden
 * inputs, meta tags, data of inline scripts, members of JSON. Where they stand, and taking them from there. Pure.
 */
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import { responseCookies } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { type FormInput, type HtmlPage, parseHtml } from "../http/html.ts";
import { percentDecode } from "../http/url.ts";
import { inputsFor, inputsNamed, type Submission } from "./fitting_form.ts";

export type PageValue =
  /**
   * Of the form that the request submits. `at`: the one at this place among the inputs of that name, from 0,
   * where the forms do not tell.
   */
  | { readonly kind: "input"; readonly name: string; readonly at?: number }
  | { readonly kind: "meta"; readonly name: string }
  /** `"nonce":"…"` or `nonce = "…"` in the text of a script. */
  | { readonly kind: "script"; readonly name: string }
  | { readonly kind: "json"; readonly path: readonly string[] }
  /** `decoded`: as scripts read it that take percent-encoding off. */
  | { readonly kind: "cookie"; readonly name: string; readonly decoded?: true }
  /** A header of the answer; lower case. */
  | { readonly kind: "header"; readonly name: string };

const MAX_DEPTH = 8;
/** A text in quotes, escapes in it kept; one that is not closed ends with its line. */
const QUOTED = /"((?:[^"\\\n]|\\.)*)"?|'((?:[^'\\\n]|\\.)*)'?/g;
/** Of the name of a variable or a member, in UTF-16 units. */
const MAX_NAME_LENGTH = 64;

/** Places where the answer holds exactly this value for the request, the best one first; `[]` when it does not. */
export function placesOfValue(
  response: HttpResponse,
  value: string,
  submission: Submission,
): PageValue[] {
  const cookies = responseCookies(response.headers);
  const cookie = cookies.find((one) => one.value === value);
  if (cookie !== undefined) return [{ kind: "cookie", name: cookie.name }];
  const encoded = cookies.find((one) => percentDecode(one.value) === value);
  if (encoded !== undefined) return [{ kind: "cookie", name: encoded.name, decoded: true }];
  const body = parseBody(response.headers, response.body);
  if (body.kind === "json") {
    const path = jsonPath(body.value, value, MAX_DEPTH);
    return path === null ? [] : [{ kind: "json", path }];
  }
  if (body.kind !== "html" || !body.text.includes(value.slice(0, 8))) return [];
  return htmlPlaces(parseHtml(body.text), value).filter((place) =>
    takeValue(response, place, submission) === value
  );
}

/** The same where the answer's headers may hold it, too. */
export function placesInAnswer(
  response: HttpResponse,
  value: string,
  submission: Submission,
): PageValue[] {
  const header = response.headers.find(([name, text]) =>
    text === value && name.toLowerCase() !== "set-cookie"
  );
  if (header !== undefined) return [{ kind: "header", name: header[0].toLowerCase() }];
  return placesOfValue(response, value, submission);
}

function htmlPlaces(page: HtmlPage, value: string): PageValue[] {
  const input = inputsOf(page).find((one) => one.value === value);
  if (input !== undefined) return inputPlaces(page, input);
  const meta = page.metas.find(([, content]) => content === value);
  if (meta !== undefined) return [{ kind: "meta", name: meta[0] }];
  const assigned = assignments(page).find(([, text]) => text === value);
  return assigned === undefined ? [] : [{ kind: "script", name: assigned[0] }];
}

/** By its form, and by its place among others of its name. */
function inputPlaces(page: HtmlPage, { name, value }: FormInput): PageValue[] {
  const values = inputsNamed(page, name).map((one) => one.value);
  const byForm: PageValue = { kind: "input", name };
  return values.length < 2 ? [byForm] : [byForm, { ...byForm, at: values.indexOf(value) }];
}

/** What stands there now; `undefined` when nothing does. `submission`: what it is taken for. */
export function takeValue(
  response: HttpResponse,
  place: PageValue,
  submission: Submission,
): string | undefined {
  if (place.kind === "header") return headerValue(response.headers, place.name);
  if (place.kind === "cookie") {
    const held = responseCookies(response.headers).find(({ name }) => name === place.name)?.value;
    return held !== undefined && place.decoded ? percentDecode(held) : held;
  }
  const body = parseBody(response.headers, response.body);
  if (place.kind === "json") {
    return body.kind === "json" ? textAt(body.value, place.path) : undefined;
  }
  if (body.kind !== "html") return undefined;
  const page = parseHtml(body.text);
  switch (place.kind) {
    case "input":
      return place.at === undefined
        ? inputsFor(page, place.name, submission)[0]?.value
        : inputsNamed(page, place.name)[place.at]?.value;
    case "meta":
      return page.metas.find(([name]) => name === place.name)?.[1];
    case "script":
      return assignments(page).find(([name]) => name === place.name)?.[1];
  }
}

function inputsOf({ forms, looseInputs }: HtmlPage) {
  return [...forms.flatMap(({ inputs }) => inputs), ...looseInputs];
}

/** Texts that scripts assign, and members of the objects in them. */
function assignments({ scripts }: HtmlPage): [name: string, value: string][] {
  return scripts.flatMap(({ text }) =>
    [...text.matchAll(QUOTED)].map((match): [string, string] => [
      assignedName(text, match.index),
      match[1] ?? match[2] ?? "",
    ])
  ).filter(([name]) => name !== "");
}

/** The name before `:` or `=` that ends here: `nonce` of `"nonce": `; `""` where there is none. */
function assignedName(text: string, end: number): string {
  const before = text.slice(Math.max(0, end - MAX_NAME_LENGTH - 16), end).trimEnd();
  if (!/[:=]$/.test(before)) return "";
  const name = before.slice(0, -1).trimEnd().replace(/["']$/, "");
  let start = name.length;
  while (start > 0 && /[\w$-]/.test(name[start - 1]!)) start--;
  return name.slice(start);
}

function jsonPath(json: JsonValue, value: string, depth: number): string[] | null {
  if (json === value) return [];
  if (depth === 0 || !isRecord(json)) return null;
  for (const [name, member] of Object.entries(json as JsonObject)) {
    const path = jsonPath(member, value, depth - 1);
    if (path !== null) return [name, ...path];
  }
  return null;
}

function textAt(json: JsonValue, path: readonly string[]): string | undefined {
  let value: unknown = json;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return typeof value === "string" ? value : undefined;
}
