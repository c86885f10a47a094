/** Exports of Insomnia: format 4, a list of resources as JSON, and format 5, a tree as YAML. */
import { isRecord } from "../../base/json.ts";
import { parseUrl } from "../../http/url.ts";
import {
  credentialsOf,
  type Fields,
  flattened,
  graphqlText,
  holdsFiles,
  namedValues,
  partsIn,
  variablesIn,
  withQuery,
  withVariables,
} from "./collection_values.ts";
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

export function isInsomnia(json: unknown): json is Fields {
  if (!isRecord(json)) return false;
  if (Array.isArray(json["resources"]) && json["__export_format"] !== undefined) return true;
  return /^(?:collection|spec)\.insomnia\.rest\//.test(String(json["type"])) &&
    Array.isArray(json["collection"]);
}

export function readInsomnia(document: Fields): ForeignSource {
  const { requests, environments, cookies } = Array.isArray(document["resources"])
    ? listed(document["resources"].filter(isRecord))
    : tree(document);
  // The first one to name a variable decides: the base environment, then those below it.
  const variables = new Map(environments.flatMap((data) => flattened(data)).reverse());
  const entries = requests.map((request) => ({
    request: requestOf(withVariables(request, variables), cookies),
    response: null,
  }));
  const lacks = ["answers", "the order of requests"];
  const missing = variablesIn(entries);
  return {
    creator: "Insomnia export",
    entries,
    lacks: [
      ...lacks,
      ...cookies.length === 0 ? ["cookies"] : [],
      ...holdsFiles(entries) ? ["bodies that stand in files"] : [],
      ...missing.length === 0 ? [] : [`values of variables: ${missing.join(", ")}`],
    ],
  };
}

interface Parts {
  readonly requests: readonly Fields[];
  readonly environments: readonly unknown[];
  readonly cookies: readonly Fields[];
}

function listed(resources: readonly Fields[]): Parts {
  const ofType = (type: string) => resources.filter(({ _type }) => _type === type);
  return {
    requests: ofType("request"),
    environments: ofType("environment").map(({ data }) => data),
    cookies: ofType("cookie_jar").flatMap(({ cookies }) => recordsIn(cookies)),
  };
}

function tree(document: Fields): Parts {
  const { environments, cookieJar } = document;
  return {
    requests: requestsIn(document["collection"]),
    environments: (isRecord(environments) ? [environments] : recordsIn(environments))
      .flatMap(({ data, subEnvironments }) => [
        data,
        ...recordsIn(subEnvironments).map((inner) => inner["data"]),
      ]),
    cookies: isRecord(cookieJar) ? recordsIn(cookieJar["cookies"]) : [],
  };
}

/** As they stand in Insomnia's side bar. */
function requestsIn(items: unknown): Fields[] {
  const sortKey = ({ meta }: Fields) => isRecord(meta) ? Number(meta["sortKey"] ?? 0) : 0;
  return recordsIn(items).sort((a, b) => sortKey(a) - sortKey(b)).flatMap((item) =>
    Array.isArray(item["children"]) ? requestsIn(item["children"]) : [item]
  );
}

function requestOf(request: Fields, cookies: readonly Fields[]): unknown {
  const auth = isRecord(request["authentication"]) ? request["authentication"] : {};
  const added = auth["disabled"] === true
    ? { headers: [], query: [] }
    : credentialsOf(auth["type"], auth);
  const path = namedValues(request["pathParameters"], "name");
  const address = path.reduce(
    (url, { name, value }) => url.replaceAll(`/:${name}`, `/${encodeURIComponent(value)}`),
    String(request["url"] ?? ""),
  );
  const query = [...namedValues(request["parameters"], "name"), ...added.query];
  const headers = [...namedValues(request["headers"], "name"), ...added.headers];
  return {
    method: request["method"] ?? "GET",
    url: withQuery(address, query),
    headers: [...headers, ...cookieHeader(address, headers, cookies)],
    ...bodyOf(isRecord(request["body"]) ? request["body"] : {}),
  };
}

function bodyOf({ mimeType, params, text }: Fields): Fields {
  if (Array.isArray(params)) return { postData: { mimeType, params: partsIn(params, "name") } };
  if (typeof text !== "string" || text === "") return {};
  // Insomnia keeps query and variables as the JSON that is sent, or the bare query.
  const isBare = mimeType === "application/graphql" && !text.trimStart().startsWith("{");
  return mimeType === "application/graphql"
    ? {
      postData: {
        mimeType: "application/json",
        text: isBare ? graphqlText(text, undefined) : text,
      },
    }
    : { postData: { mimeType, text } };
}

/** What the jar sends: RFC 6265 section 5.1.3 for the host. */
function cookieHeader(
  address: string,
  headers: readonly NamedValue[],
  cookies: readonly Fields[],
): NamedValue[] {
  const host = parseUrl(address)?.hostname;
  if (host === undefined || headers.some(({ name }) => name.toLowerCase() === "cookie")) return [];
  const pairs = cookies.filter(({ domain }) => {
    const wanted = String(domain ?? "").replace(/^\./, "");
    return wanted !== "" && (host === wanted || host.endsWith(`.${wanted}`));
  }).map(({ key, value }) => `${key}=${value}`);
  return pairs.length === 0 ? [] : [{ name: "Cookie", value: pairs.join("; ") }];
}

function recordsIn(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
