/** Where the answer of an operation leads (OpenAPI 3.x "Link Object"): which operation takes what of it. */
import { isRecord } from "../base/json.ts";
import { percentDecode } from "../http/url.ts";
import { DocumentProblem, type Node, rawChild, type References, textAt } from "./reference.ts";

export interface FollowUp {
  /** By its id, or as `GET /pets/{id}`. */
  readonly operation: string;
  /** What goes into which parameter, in words: `["petId", "id of the answer"]`. */
  readonly parameters: readonly (readonly [name: string, from: string])[];
}

/** More of them are told by the document alone. */
const MAX_LINKS = 6;

/** The links of successful answers, by name. @throws {DocumentProblem} */
export function linksOf(references: References, operation: Node): [name: string, link: Node][] {
  return references.members(rawChild(operation, "responses"))
    .filter(([status]) => /^(2|default$)/.test(status))
    .flatMap(([, response]) =>
      references.members(rawChild(references.follow(response), "links"))
        .map(([name, raw]): [string, Node] => [name, references.follow(raw)])
    );
}

/** Those whose target stands in the document; none where a link cannot be read. */
export function readFollowUps(references: References, operation: Node): FollowUp[] {
  try {
    return linksOf(references, operation).slice(0, MAX_LINKS).flatMap(([, link]) => {
      const target = targetOf(link);
      return target === null
        ? []
        : [{ operation: target, parameters: parametersOf(references, link) }];
    });
  } catch (error) {
    if (error instanceof DocumentProblem) return [];
    throw error;
  }
}

function targetOf(link: Node): string | null {
  const id = textAt(link, "operationId");
  if (id !== null) return id;
  const [, path, method] = /^#\/paths\/([^/]+)\/(\w+)$/.exec(
    percentDecode(textAt(link, "operationRef") ?? ""),
  ) ?? [];
  return path === undefined ? null : `${method!.toUpperCase()} ${unescaped(path)}`;
}

function parametersOf(references: References, link: Node): [string, string][] {
  const given = references.members(rawChild(link, "parameters")).map((
    [name, { value }],
  ): [string, string] => [name.replace(/^(path|query|header|cookie)\./, ""), sourceOf(value)]);
  const body = rawChild(link, "requestBody");
  return body === null ? given : [...given, ["body", sourceOf(body.value)]];
}

/** A runtime expression in words, any other value as it is. */
function sourceOf(value: unknown): string {
  if (typeof value !== "string" || !/^\{?\$/.test(value)) {
    return isRecord(value) ? "as the document says" : JSON.stringify(value) ?? "";
  }
  const expression = value.replace(/^\{(.*)\}$/s, "$1");
  const [, side, place, rest = ""] =
    /^\$(response|request)\.(body|header|path|query)[.#]?\/?(.*)$/s.exec(expression) ?? [];
  const of = side === "response" ? "the answer" : "this call";
  if (place === undefined) return expression;
  if (place === "header") return `header ${rest} of ${of}`;
  return rest === "" ? of : `${unescaped(rest).replaceAll("/", ".")} of ${of}`;
}

/** RFC 6901 section 3. */
function unescaped(pointer: string): string {
  return pointer.replaceAll("~1", "/").replaceAll("~0", "~");
}
