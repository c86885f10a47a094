/**
 * What a client says of itself in every body: application ids, versions, the id of its installation. Nobody
 * who calls a tool could know them, and they are the same in each request, the login's among them.
 */
import { formFieldsOf } from "../../http/body.ts";
import type { JsonValue } from "../../base/json.ts";
import { isRecord } from "../../base/json.ts";
import { headerValue } from "../../http/headers.ts";
import { isApiKeyName, isClientSecretName, isDeviceName, words } from "../../http/vocabulary.ts";
import type { Sample } from "./sample.ts";

/** By which a form or a client without PUT and DELETE names the method that it means. */
export const METHOD_FIELD = "_method";
const METHOD_HEADER = "x-http-method-override";

const CLIENT =
  /\b(app(lication)? ?(id|key|version|name|build|code)|client ?(id|version|name|type|build)|(sdk|api|build|package) ?version|install(ation)? ?id|platform|user ?agent|build ?(id|number))\b/;

/** Of those, what nobody chooses in a call. */
const UNKNOWABLE =
  /\b(app(lication)? ?(id|key|version)|client ?(id|version)|(sdk|build|package) ?version|install(ation)? ?id|build ?(id|number))\b/;

/** The method that a request means beside the one it is sent with; `null` without one. */
export function meantMethod(sample: Sample): string | null {
  const named = [...sample.query, ...scalars(sample)].find(([name]) => name === METHOD_FIELD)?.[1];
  const value = named ?? headerValue(sample.trace.request.headers, METHOD_HEADER);
  return typeof value === "string" && /^[A-Za-z]{3,10}$/.test(value) ? value.toUpperCase() : null;
}

/**
 * Names of members and fields that hold a constant of the client: called so, the same wherever they are
 * sent, and sent to more than one address, or again and again to one and never answered before. `samples`:
 * all of the app.
 */
export function clientFields(samples: readonly Sample[]): ReadonlySet<string> {
  const sent = samples.flatMap((sample) =>
    scalars(sample).map(([name, value]) => ({ name, value, sample }))
  );
  const constant = [...Map.groupBy(sent, ({ name }) => name)].filter(([name, uses]) => {
    if (!isClientName(name) || new Set(uses.map(({ value }) => value)).size > 1) return false;
    if (new Set(uses.map(({ sample }) => sample.segments.join("/"))).size > 1) return true;
    const { value, sample: first } = uses[0]!;
    return isUnknowable(name) && uses.length > 1 && !isAnswered(value, first, samples);
  });
  return new Set([METHOD_FIELD, ...constant.map(([name]) => name)]);
}

function isUnknowable(name: string): boolean {
  return UNKNOWABLE.test(words(name)) || isApiKeyName(name) || isClientSecretName(name) ||
    isDeviceName(name);
}

/** What the application listed before was chosen from there. */
function isAnswered(value: JsonValue, first: Sample, samples: readonly Sample[]): boolean {
  const text = JSON.stringify(value);
  return samples.some(({ answer, index }) =>
    index < first.index && answer.kind === "json" && JSON.stringify(answer.value).includes(text)
  );
}

function isClientName(name: string): boolean {
  return CLIENT.test(words(name)) || isApiKeyName(name) || isClientSecretName(name) ||
    isDeviceName(name);
}

/** The texts and numbers at the top of a body. */
function scalars({ body }: Sample): (readonly [name: string, value: JsonValue])[] {
  if (body.kind !== "json") return [...formFieldsOf(body)];
  if (!isRecord(body.value)) return [];
  return (Object.entries(body.value) as [string, JsonValue][])
    .filter(([, value]) => typeof value === "string" || typeof value === "number");
}
