/** The pages of a list as its document declares them. Pure. */
import { isScalar, rawNumber } from "../base/exact_json.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import type { HeaderList } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import type { PageArgument, Paging } from "../openapi/paging.ts";
import type { NextPage } from "./next_page.ts";

export interface DeclaredPage {
  /** `undefined` for an answer that is not JSON. */
  readonly json: JsonValue | undefined;
  readonly headers: HeaderList;
  /** The arguments it was asked for with. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** `null` where the document names none, or the answer has none there. */
export function declaredItems(json: JsonValue, paging: Paging | null): readonly JsonValue[] | null {
  const items = paging?.items === null || paging === null
    ? undefined
    : memberAt(json, paging.items);
  return Array.isArray(items) ? items : null;
}

/** `null` on the last page: what would lead on is not there, or empty. */
export function declaredNext({ next }: Paging, page: DeclaredPage): NextPage | null {
  if (next.kind === "url") {
    const url = next.member === null || page.json === undefined
      ? undefined
      : memberAt(page.json, next.member);
    return typeof url === "string" && url !== "" ? { kind: "url", url } : null;
  }
  const args: Record<string, unknown> = { ...page.args };
  for (const [name, argument] of Object.entries(next.args)) {
    const value = valueOf(argument, page);
    if (argument.kind === "argument" && value === undefined) continue;
    if (value === undefined || value === null || value === "" || value === false) return null;
    args[name] = value;
  }
  return { kind: "args", args };
}

function valueOf(argument: PageArgument, { json, headers, args }: DeclaredPage): unknown {
  switch (argument.kind) {
    case "constant":
      return argument.value;
    case "argument":
      return args[argument.argument];
    case "header":
      return headerValue(headers, argument.name);
    case "body": {
      const value = json === undefined ? undefined : memberAt(json, argument.pointer);
      // An identifier of 64 bits as text, so that it keeps its digits.
      return value === undefined ? undefined : rawNumber(value) ?? value;
    }
  }
}

function memberAt(json: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const name of path) {
    if (value === undefined || isScalar(value) || !Object.hasOwn(value as object, name)) {
      return undefined;
    }
    value = (value as JsonObject)[name];
  }
  return value;
}
