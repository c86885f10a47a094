/**
 * How a document says that an operation's list goes on: `x-ms-pageable` (AutoRest extensions), or a link of its
 * answer to the operation itself (OpenAPI 3.x "Link Object", runtime expressions).
 */
import type { JsonValue } from "../base/json.ts";
import { isRecord } from "../base/json.ts";
import { percentDecode } from "../http/url.ts";
import { linksOf } from "./link.ts";
import { DocumentProblem, type Node, rawChild, type References, textAt } from "./reference.ts";

export interface Paging {
  /** The member that holds the items, member by member; `null` where nothing says it. */
  readonly items: readonly string[] | null;
  readonly next:
    /** The address of the next page stands at a member; a list without one is whole. */
    | { readonly kind: "url"; readonly member: readonly string[] | null }
    /** What the next request's arguments are, beside those of this one. */
    | { readonly kind: "args"; readonly args: Readonly<Record<string, PageArgument>> };
}

export type PageArgument =
  | { readonly kind: "constant"; readonly value: JsonValue }
  /** JSON pointer into the answer's body (RFC 6901), in parts. */
  | { readonly kind: "body"; readonly pointer: readonly string[] }
  | { readonly kind: "header"; readonly name: string }
  /** Of this request. */
  | { readonly kind: "argument"; readonly argument: string };

/** A parameter, and the argument that fills it. */
interface PageParameter {
  readonly name: string;
  readonly in: string;
  readonly argument: string;
}

export interface PagedOperation {
  readonly operationId: string | null;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly PageParameter[];
}

/** `null` where the document says nothing of it. */
export function readPaging(
  references: References,
  operation: Node,
  about: PagedOperation,
): Paging | null {
  try {
    return pageable(rawChild(operation, "x-ms-pageable")) ?? linked(references, operation, about);
  } catch (error) {
    if (error instanceof DocumentProblem) return null;
    throw error;
  }
}

function pageable(node: Node | null): Paging | null {
  if (node === null || !isRecord(node.value)) return null;
  const items = textAt(node, "itemName") ?? "value";
  const member = textAt(node, "nextLinkName");
  return {
    items: memberPath(items),
    next: { kind: "url", member: member === null ? null : memberPath(member) },
  };
}

/** Dots divide, unless they are escaped or the name begins with `@`, as those of OData do. */
function memberPath(name: string): string[] {
  if (name.startsWith("@")) return [name];
  return name.replaceAll("\\.", "\u0000").split(".").map((part) => part.replaceAll("\u0000", "."));
}

function linked(references: References, operation: Node, about: PagedOperation): Paging | null {
  for (const [name, link] of linksOf(references, operation)) {
    if (!leadsTo(link, about) || /^(prev|previous|first|self|last)/i.test(name)) continue;
    const args = argumentsOf(references, link, about);
    if (args !== null) return { items: null, next: { kind: "args", args } };
  }
  return null;
}

function leadsTo(link: Node, { operationId, method, path }: PagedOperation): boolean {
  const id = textAt(link, "operationId");
  if (id !== null) return id === operationId;
  const pointer = path.replaceAll("~", "~0").replaceAll("/", "~1");
  const expected = `#/paths/${pointer}/${method.toLowerCase()}`;
  return percentDecode(textAt(link, "operationRef") ?? "") === expected;
}

/** `null` where nothing of it comes out of the answer: it would be the same page again. */
function argumentsOf(
  references: References,
  link: Node,
  { parameters }: PagedOperation,
): Record<string, PageArgument> | null {
  const args: Record<string, PageArgument> = {};
  for (const [name, { value }] of references.members(rawChild(link, "parameters"))) {
    const [, place = null, bare = name] = /^(path|query|header|cookie)\.(.+)$/.exec(name) ?? [];
    const parameter = parameters.find((one) =>
      one.name === bare && (place === null || one.in === place)
    );
    const read = readExpression(value as JsonValue, parameters);
    if (parameter === undefined || read === null) return null;
    args[parameter.argument] = read;
  }
  const isNew = Object.values(args).some(({ kind }) => kind === "body" || kind === "header");
  return isNew ? args : null;
}

/** A runtime expression, or any other value for itself; `null` for an expression that is not known. */
function readExpression(
  value: JsonValue,
  parameters: readonly PageParameter[],
): PageArgument | null {
  if (typeof value !== "string" || !/^\{?\$/.test(value)) return { kind: "constant", value };
  const expression = value.replace(/^\{(.*)\}$/s, "$1");
  const [, pointer] = /^\$response\.body#(\/.*)$/s.exec(expression) ?? [];
  if (pointer !== undefined) {
    const parts = pointer.slice(1).split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    return { kind: "body", pointer: parts };
  }
  const [, header] = /^\$response\.header\.(.+)$/s.exec(expression) ?? [];
  if (header !== undefined) return { kind: "header", name: header.toLowerCase() };
  const [, place, name] = /^\$request\.(path|query|header)\.(.+)$/s.exec(expression) ?? [];
  const own = parameters.find((one) => one.in === place && one.name === name);
  return own === undefined ? null : { kind: "argument", argument: own.argument };
}
