/** What collections of requests have in common: variables in double braces, and credentials named by a scheme. */
import { isRecord } from "../../base/json.ts";
import type { NamedValue } from "./foreign_source.ts";

export type Fields = Readonly<Record<string, unknown>>;
export type Variables = ReadonlyMap<string, string>;

/** Variables may stand for others. */
const MAX_ROUNDS = 5;
/** `{{token}}` of Postman; `{{ _.token }}` of Insomnia. */
const VARIABLE = /\{\{ {0,4}(?:_\.)?([\w.-]{1,200}) {0,4}\}\}/g;

/** `value` with every variable that is known put into every text of it; the others stay as they are. */
export function withVariables<T>(value: T, variables: Variables): T {
  return replaced(value, variables) as T;
}

function replaced(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") return inText(value, variables);
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, variables));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaced(item, variables)]),
  );
}

function inText(text: string, variables: Variables): string {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS && current.includes("{{"); round++) {
    current = current.replace(VARIABLE, (whole, name: string) => variables.get(name) ?? whole);
  }
  return current;
}

/** Names of variables that still stand in the texts of a value; those that a tool makes up (`{{$guid}}`) are none. */
export function variablesIn(value: unknown): string[] {
  const found = JSON.stringify(value).matchAll(VARIABLE);
  return [...new Set([...found].map(([, name]) => name!))];
}

/** `{ api: { host: "x" } }` as `api.host`. */
export function flattened(data: unknown, prefix = ""): [name: string, value: string][] {
  if (!isRecord(data)) return [];
  return Object.entries(data).flatMap(([key, value]): [string, string][] =>
    isRecord(value)
      ? flattened(value, `${prefix}${key}.`)
      : typeof value === "object"
      ? []
      : [[`${prefix}${key}`, String(value)]]
  );
}

/** What a scheme of authentication adds to a request. */
export interface AddedCredentials {
  readonly headers: readonly NamedValue[];
  readonly query: readonly NamedValue[];
}

const NOTHING: AddedCredentials = { headers: [], query: [] };

/** `settings` has the fields of the scheme: `token`; `username` and `password`; `key`, `value` and where it goes. */
export function credentialsOf(type: unknown, settings: Fields): AddedCredentials {
  const text = (name: string) => String(settings[name] ?? "");
  const authorization = (value: string) => ({
    headers: [{ name: "Authorization", value }],
    query: [],
  });
  switch (String(type).toLowerCase()) {
    case "bearer":
      return text("token") === ""
        ? NOTHING
        : authorization(`${text("prefix") || "Bearer"} ${text("token")}`);
    case "basic": {
      const pair = new TextEncoder().encode(`${text("username")}:${text("password")}`);
      return authorization(`Basic ${pair.toBase64()}`);
    }
    case "oauth2": {
      const token = text("accessToken");
      if (token === "") return NOTHING;
      return /query/i.test(text("addTokenTo"))
        ? { headers: [], query: [{ name: "access_token", value: token }] }
        : authorization(`${text("headerPrefix").trim() || "Bearer"} ${token}`);
    }
    case "apikey": {
      const pair = { name: text("key"), value: text("value") };
      if (pair.name === "") return NOTHING;
      const isQuery = /query/i.test(text("in") + text("addTo"));
      return isQuery ? { headers: [], query: [pair] } : { headers: [pair], query: [] };
    }
    default:
      return NOTHING;
  }
}

/** Header lines in one text. */
export function headerLines(text: string): NamedValue[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":", 1);
    if (colon < 0) return [];
    return [{ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }];
  });
}

/** A list of `{ name, value }` by whatever name its names go; what is switched off is left out. */
export function namedValues(list: unknown, name: "key" | "name"): NamedValue[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).filter(({ disabled }) => disabled !== true)
    .map((one) => ({ name: String(one[name] ?? ""), value: String(one["value"] ?? "") }));
}

/** Fields of a form; of a file its name is known alone. */
export function partsIn(list: unknown, name: "key" | "name"): Fields[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).filter(({ disabled }) => disabled !== true).map((part) => {
    const called = String(part[name] ?? "");
    if (part["type"] !== "file") return { name: called, value: String(part["value"] ?? "") };
    const source = Array.isArray(part["src"]) ? part["src"][0] : part["src"] ?? part["fileName"];
    return { name: called, value: "", fileName: String(source ?? "").split(/[/\\]/).at(-1) };
  });
}

/** True where one of the requests sends a file, which no collection holds. */
export function holdsFiles(entries: readonly { readonly request: unknown }[]): boolean {
  return entries.some(({ request }) => {
    const post = isRecord(request) ? request["postData"] : undefined;
    const params = isRecord(post) ? post["params"] : undefined;
    return Array.isArray(params) &&
      params.some((one) => isRecord(one) && one["fileName"] !== undefined);
  });
}

/** Both tools write a space in a query as `%20`. */
export function withQuery(url: string, query: readonly NamedValue[]): string {
  if (query.length === 0) return url;
  const text = query.map(({ name, value }) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  ).join("&");
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}

/** A body of GraphQL as clients send it. */
export function graphqlText(query: unknown, variables: unknown): string {
  return JSON.stringify({ query, ...variables === undefined ? {} : { variables } });
}
