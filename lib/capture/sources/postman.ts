/** Postman collections, format 2: https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/ */
import { isRecord, parseJson } from "../../base/json.ts";
import {
  credentialsOf,
  type Fields,
  graphqlText,
  headerLines,
  holdsFiles,
  namedValues,
  partsIn,
  type Variables,
  variablesIn,
  withQuery,
  withVariables,
} from "./collection_values.ts";
import { answersLackedBy } from "./exchanges.ts";
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  xml: "application/xml",
  html: "text/html",
  javascript: "application/javascript",
  text: "text/plain",
};

export function isPostman(json: unknown): json is Fields {
  return isRecord(json) && isRecord(json["info"]) && Array.isArray(json["item"]);
}

/** Variables named where their values are not known. */
const MAX_NAMED = 12;
const NO_VALUES: Variables = new Map();

/** An exported environment, or the globals: names and values. */
export function isPostmanEnvironment(json: unknown): json is Fields {
  return isRecord(json) && Array.isArray(json["values"]) &&
    (json["_postman_variable_scope"] !== undefined || typeof json["name"] === "string") &&
    json["values"].every((one) => isRecord(one) && typeof one["key"] === "string");
}

/** What it says is switched off gives no value. */
export function readPostmanEnvironment(environment: Fields): ForeignSource {
  const list = environment["values"] as readonly Fields[];
  const enabled = list.filter(({ enabled }) => enabled !== false);
  return {
    creator: "Postman environment",
    entries: [],
    lacks: [],
    hint: "An environment holds values alone: give it together with its collection",
    values: new Map(namedValues(enabled, "key").map(({ name, value }) => [name, value])),
  };
}

/** Each request once, or once for each example of its answer. Values of an environment go before the collection's. */
export function readPostman(collection: Fields, values = NO_VALUES): ForeignSource {
  const own = namedValues(collection["variable"], "key").map(({ name, value }) =>
    [name, value] as const
  );
  const variables = new Map([...own, ...values]);
  const entries = itemsIn(collection["item"], collection["auth"])
    .flatMap((item) => entriesOf(withVariables(item, variables)));
  const missing = variablesIn(entries);
  const named = missing.slice(0, MAX_NAMED).join(", ");
  return {
    creator: "Postman collection",
    entries,
    lacks: [
      ...answersLackedBy(entries.map(({ request, response }) => ({ request, response }))),
      "the order of requests",
      "cookies",
      ...holdsFiles(entries) ? ["bodies that stand in files"] : [],
      ...missing.length === 0 ? [] : [`values of variables: ${named}`],
    ],
    hint: `Give the environment that holds the values of ${named} together with the collection`,
    withValues: (more) => readPostman(collection, more),
  };
}

interface Item {
  readonly request: unknown;
  readonly examples: readonly Fields[];
  /** Of the request, else of the folder around it. */
  readonly auth: unknown;
}

function itemsIn(items: unknown, auth: unknown): Item[] {
  if (!Array.isArray(items)) return [];
  return items.filter(isRecord).flatMap((item): Item[] => {
    if (Array.isArray(item["item"])) return itemsIn(item["item"], item["auth"] ?? auth);
    const request = item["request"];
    const own = isRecord(request) ? request["auth"] : undefined;
    const examples = Array.isArray(item["response"]) ? item["response"].filter(isRecord) : [];
    return [{ request, examples, auth: own ?? auth }];
  });
}

interface Entry {
  readonly request: unknown;
  readonly response: Fields | null;
}

function entriesOf({ request, examples, auth }: Item): Entry[] {
  if (examples.length === 0) return [{ request: requestOf(request, auth), response: null }];
  return examples.map((example) => ({
    request: requestOf(example["originalRequest"] ?? request, auth),
    response: {
      status: example["code"],
      headers: headersOf(example["header"]),
      content: contentOf(example["body"]),
    },
  }));
}

function contentOf(body: unknown): Fields {
  return typeof body === "string" && body !== "" ? { text: body } : { size: 0 };
}

function requestOf(given: unknown, auth: unknown): unknown {
  const request = isRecord(given) ? given : { url: given };
  const added = credentialsOf(...schemeOf(auth));
  return {
    method: request["method"] ?? "GET",
    url: withQuery(addressOf(request["url"]), added.query),
    headers: [...headersOf(request["header"]), ...added.headers],
    ...bodyOf(isRecord(request["body"]) ? request["body"] : {}),
  };
}

/** A list, or lines. */
function headersOf(header: unknown): NamedValue[] {
  return typeof header === "string" ? headerLines(header) : namedValues(header, "key");
}

/** Format 2.1 lists the settings of a scheme as keys and values, 2.0 has an object. */
function schemeOf(auth: unknown): [type: unknown, settings: Fields] {
  const type = isRecord(auth) ? String(auth["type"]) : "";
  const settings = isRecord(auth) ? auth[type] : undefined;
  if (isRecord(settings)) return [type, settings];
  const pairs = namedValues(settings, "key").map(({ name, value }) => [name, value] as const);
  return [type, Object.fromEntries(pairs)];
}

/** A text, or its parts beside it; `:id` in the path is a variable of the request. */
function addressOf(url: unknown): string {
  if (!isRecord(url)) return String(url ?? "");
  const variables: Variables = new Map(
    namedValues(url["variable"], "key").map(({ name, value }) => [name, value]),
  );
  const raw = typeof url["raw"] === "string" ? url["raw"] : builtAddress(url);
  return raw.replace(/\/:([\w-]{1,100})/g, (whole, name: string) => {
    const value = variables.get(name);
    return value === undefined ? whole : `/${encodeURIComponent(value)}`;
  });
}

function builtAddress(url: Fields): string {
  const joined = (part: unknown, by: string) =>
    Array.isArray(part) ? part.map(String).join(by) : String(part ?? "");
  const port = url["port"] === undefined ? "" : `:${url["port"]}`;
  const host = `${url["protocol"] ?? "https"}://${joined(url["host"], ".")}${port}`;
  return withQuery(`${host}/${joined(url["path"], "/")}`, namedValues(url["query"], "key"));
}

function bodyOf(body: Fields): Fields {
  const mode = String(body["mode"]);
  const params = namedValues(body[mode], "key");
  switch (mode) {
    case "raw": {
      const mimeType = CONTENT_TYPES[languageOf(body["options"])];
      return { postData: { ...mimeType === undefined ? {} : { mimeType }, text: body["raw"] } };
    }
    case "urlencoded":
      return { postData: { mimeType: "application/x-www-form-urlencoded", params } };
    case "formdata":
      return { postData: { mimeType: "multipart/form-data", params: partsIn(body[mode], "key") } };
    case "graphql": {
      const { query, variables } = isRecord(body["graphql"]) ? body["graphql"] : {};
      const values = typeof variables === "string" ? parseJson(variables) : variables;
      return { postData: { mimeType: "application/json", text: graphqlText(query, values) } };
    }
    default:
      return {};
  }
}

function languageOf(options: unknown): string {
  const raw = isRecord(options) ? options["raw"] : undefined;
  return isRecord(raw) ? String(raw["language"]) : "";
}
