/**
 * Which of a page's forms a request is the submission of: pages hold several, each with a token of its own under
 * one name. The form that leads where the request goes comes first, then the one with the request's fields. Pure.
 */
import { isRecord } from "../base/json.ts";
import { formFieldsOf, parseBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { formActionUrl, type FormInput, type HtmlForm, type HtmlPage } from "../http/html.ts";
import { parseUrl } from "../http/url.ts";

/** A request and the page that was loaded for it. */
export interface Submission {
  readonly request: HttpRequest;
  readonly pageUrl: string;
}

/** The inputs of that name that hold something: in the best fitting form first, else in page order. */
export function inputsFor(
  page: HtmlPage,
  name: string,
  { request, pageUrl }: Submission,
): FormInput[] {
  const fields = fieldsOf(request, name);
  const ranked = page.forms
    .filter(({ inputs }) => heldIn(inputs, name).length > 0)
    .map((form) => ({
      form,
      fit: [addressFit(page, form, { request, pageUrl }), ...fieldFit(form, fields, name)],
    }))
    .sort((a, b) => byFit(b.fit, a.fit));
  return [
    ...ranked.flatMap(({ form }) => heldIn(form.inputs, name)),
    ...heldIn(page.looseInputs, name),
  ];
}

/** In page order. */
export function inputsNamed({ forms, looseInputs }: HtmlPage, name: string): FormInput[] {
  return heldIn([...forms.flatMap(({ inputs }) => inputs), ...looseInputs], name);
}

function heldIn(inputs: readonly FormInput[], name: string): FormInput[] {
  return inputs.filter((input) => input.name === name && input.value !== "");
}

function byFit(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((score, place) => score !== b[place]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** 2 for the very address, 1 for another query, 0 for a form that leads elsewhere. */
function addressFit(page: HtmlPage, form: HtmlForm, { request, pageUrl }: Submission): number {
  if ((form.method === "GET") !== (request.method === "GET")) return 0;
  const [to, wanted] = [parseUrl(formActionUrl(page, form, pageUrl)), parseUrl(request.url)];
  if (to?.origin !== wanted?.origin || to?.pathname !== wanted?.pathname) return 0;
  return to?.search === wanted?.search ? 2 : 1;
}

/** Fields of the request that the form has, those of them with the same value, and what it has besides, negative. */
function fieldFit(
  { inputs }: HtmlForm,
  fields: ReadonlyMap<string, string>,
  own: string,
): number[] {
  const names = new Set(inputs.filter(({ sent }) => sent).map(({ name }) => name));
  names.delete(own);
  const shared = [...fields.keys()].filter((name) => names.has(name));
  const isEqual = ({ name, value }: FormInput) => fields.get(name) === value;
  return [shared.length, inputs.filter(isEqual).length, shared.length - names.size];
}

/** Those of the body, without the one that is looked for. */
function fieldsOf({ headers, body }: HttpRequest, own: string): Map<string, string> {
  const parsed = parseBody(headers, body);
  const pairs: readonly (readonly [string, unknown])[] =
    parsed.kind === "json" && isRecord(parsed.value)
      ? Object.entries(parsed.value)
      : formFieldsOf(parsed);
  return new Map(
    pairs.filter(([name]) => name !== own).map(([name, value]) => [name, String(value)]),
  );
}
