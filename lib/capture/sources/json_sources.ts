/** Collections and recordings that are JSON: Postman, Insomnia, Charles, and lists of exchanges. */
import { isRecord, parseJson } from "../../base/json.ts";
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `null` for JSON of another kind. */
export function readJsonSource(text: string): ForeignSource | null {
  const json = parseJson(text);
  if (isRecord(json) && isRecord(json["info"]) && Array.isArray(json["item"])) return postman(json);
  if (isRecord(json) && Array.isArray(json["resources"]) && json["__export_format"] !== undefined) {
    return insomnia(json["resources"].filter(isRecord));
  }
  if (Array.isArray(json) && json.some((one) => isRecord(one) && isCharles(one))) {
    return charles(json.filter(isRecord));
  }
  const list = Array.isArray(json) ? json : [json];
  const exchanges = list.filter(isRecord).filter(({ request }) =>
    isRecord(request) && typeof request["url"] === "string"
  );
  return exchanges.length === 0 ? null : { creator: "exchanges", entries: exchanges, lacks: [] };
}

/** https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/ */
function postman(collection: Fields): ForeignSource {
  const entries = postmanItems(collection["item"]).map((item) => {
    const examples = Array.isArray(item["response"]) ? item["response"].filter(isRecord) : [];
    return { request: postmanRequest(item["request"]), response: postmanAnswer(examples[0]) };
  });
  const lacks = ["the order of requests", "cookies", "values of variables such as {{token}}"];
  const hasAnswers = entries.some(({ response }) => response !== null);
  return {
    creator: "Postman collection",
    entries,
    lacks: hasAnswers ? lacks : ["answers", ...lacks],
  };
}

function postmanItems(items: unknown): Fields[] {
  if (!Array.isArray(items)) return [];
  return items.filter(isRecord).flatMap((item) =>
    Array.isArray(item["item"]) ? postmanItems(item["item"]) : [item]
  );
}

function postmanRequest(given: unknown): unknown {
  const request = isRecord(given) ? given : { url: given };
  const url = request["url"];
  const body = isRecord(request["body"]) ? request["body"] : {};
  const headers = namedValues(request["header"], "key");
  const raw = body["raw"];
  const mode = body["mode"];
  const params = namedValues(body[String(mode)], "key");
  return {
    method: request["method"] ?? "GET",
    url: isRecord(url) ? url["raw"] : url,
    headers,
    ...mode === "raw" ? { postData: { text: raw } } : {},
    ...mode === "urlencoded" || mode === "formdata"
      ? {
        postData: {
          mimeType: mode === "formdata"
            ? "multipart/form-data"
            : "application/x-www-form-urlencoded",
          params,
        },
      }
      : {},
  };
}

function postmanAnswer(example: Fields | undefined): unknown {
  if (example === undefined) return null;
  return {
    status: example["code"],
    headers: namedValues(example["header"], "key"),
    content: { text: example["body"] ?? "" },
  };
}

/** Insomnia's export format 4. */
function insomnia(resources: readonly Fields[]): ForeignSource {
  const requests = resources.filter(({ _type }) => _type === "request");
  const entries = requests.map((request) => {
    const body = isRecord(request["body"]) ? request["body"] : {};
    const mimeType = body["mimeType"];
    const hasParams = Array.isArray(body["params"]);
    const hasBody = hasParams || typeof body["text"] === "string";
    return {
      request: {
        method: request["method"],
        url: withQuery(String(request["url"]), namedValues(request["parameters"], "name")),
        headers: namedValues(request["headers"], "name"),
        ...hasBody
          ? {
            postData: {
              mimeType,
              ...hasParams
                ? { params: namedValues(body["params"], "name") }
                : { text: body["text"] },
            },
          }
          : {},
      },
      response: null,
    };
  });
  const lacks = ["answers", "the order of requests", "cookies", "values of variables"];
  return { creator: "Insomnia export", entries, lacks };
}

/** Charles JSON session (`.chlsj`). */
function charles(sessions: readonly Fields[]): ForeignSource {
  return { creator: "Charles session", entries: sessions.map(charlesEntry), lacks: [] };
}

function isCharles(one: Fields): boolean {
  return typeof one["host"] === "string" && typeof one["scheme"] === "string" &&
    isRecord(one["request"]);
}

function charlesEntry(session: Fields): unknown {
  const { scheme, host, actualPort, port, path, query, method, times, status } = session;
  const at = port ?? actualPort;
  const isDefault = at === undefined || at === null || at === (scheme === "https" ? 443 : 80);
  const request = isRecord(session["request"]) ? session["request"] : {};
  const response = isRecord(session["response"]) ? session["response"] : null;
  const body = charlesBody(request);
  return {
    startedDateTime: isRecord(times) ? times["start"] : undefined,
    request: {
      method,
      url: `${scheme}://${host}${isDefault ? "" : `:${at}`}${path ?? "/"}${
        query ? `?${query}` : ""
      }`,
      headers: charlesHeaders(request),
      ...body === null ? {} : { postData: body },
    },
    response: response === null || status === "FAILED" ? null : {
      status: response["status"],
      headers: charlesHeaders(response),
      content: charlesBody(response) ?? { size: 0 },
    },
  };
}

function charlesHeaders(message: Fields): NamedValue[] {
  const header = message["header"];
  return isRecord(header) ? namedValues(header["headers"], "name") : [];
}

function charlesBody(message: Fields): Fields | null {
  const body = message["body"];
  if (!isRecord(body)) return null;
  if (typeof body["encoded"] === "string") return { text: body["encoded"], encoding: "base64" };
  return typeof body["text"] === "string" ? { text: body["text"] } : null;
}

function namedValues(list: unknown, name: "key" | "name"): NamedValue[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).filter(({ disabled }) => disabled !== true)
    .map((one) => ({ name: String(one[name] ?? ""), value: String(one["value"] ?? "") }));
}

function withQuery(url: string, query: readonly NamedValue[]): string {
  if (query.length === 0) return url;
  const text = new URLSearchParams(query.map(({ name, value }) => [name, value])).toString();
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}
