/**
 * Where the next page of an answer is: by a link (RFC 8288, or one in the body), a cursor, an offset or a page
 * number, whichever of them the answer and the tool's arguments have. Pure.
 */
import { isScalar, rawNumber } from "../base/exact_json.ts";
import type { JsonObject, JsonSchema, JsonValue } from "../base/json.ts";
import { words } from "../http/vocabulary.ts";
import { propertiesOf } from "../tools/arguments.ts";
import { SchemaView } from "../tools/schema_view.ts";
import type { PageLink } from "../http/link_header.ts";

export interface AnsweredPage {
  /** `undefined` for an answer that is not JSON. */
  readonly json: JsonValue | undefined;
  /** Of its `Link` header. */
  readonly links: readonly PageLink[];
  readonly items: readonly JsonValue[] | null;
  /** The arguments it was asked for with. */
  readonly args: Readonly<Record<string, unknown>>;
  /** How many items the first page had. */
  readonly pageSize: number;
  /** The page before named this one: if none is named here, this is the last. */
  readonly isTold: boolean;
}

export type NextPage =
  | { readonly kind: "url"; readonly url: string }
  | {
    readonly kind: "args";
    readonly args: Readonly<Record<string, unknown>>;
    /** The answer has the argument's value, in place of a count. */
    readonly isTold?: true;
  };

/** Whether an answer named the page. */
export function isToldBy(next: NextPage): boolean {
  return next.kind === "url" || next.isTold === true;
}

/** Members around what an answer says of its pages. */
const AROUND =
  /^(meta|metadata|page|pages|paging|pagination|page_?info|_?links|response_?metadata|info|cursors?|_?page|result|data|next)$/i;
/** What may stand behind `next` in the name of a link or a cursor, and before a cursor's own word. */
const BESIDE = new Set(
  "odata next page link url uri href cursor token marker offset continuation".split(" "),
);
const FOLLOWING =
  /^(end ?cursor|continue|continuation( ?token)?|scroll ?id|bookmark|last ?evaluated ?key)$/;
const BEFORE_CURSOR = new Set("page next start starting continuation query exclusive".split(" "));
const CURSOR = /^(cursor|token|after|marker|continue|bookmark|key|scroll id)$/;
const OFFSET_ARGUMENT = /^(offset|skip|start|start at|start index|first result|from|odata skip)$/;
const PAGE_ARGUMENT = /^(page|page ?(number|no|index|num)|p)$/;
const TOTAL_PAGES = /^(total ?pages?|page ?count|last ?page|pages|num ?pages)$/;
const TOTAL_ITEMS =
  /^(total|total ?(count|items|results|records|size|elements|hits)|count|odata count)$/;
const MORE = /^(has ?(more|next)( ?(page|items|results|data))?|more|(is ?)?truncated)$/;
const LAST = /^(is ?last( ?page)?|last|end ?of ?results)$/;
const MAX_DEPTH = 4;

/** `null` where the answer is the last page, or nothing says where the next one is. */
export function nextPage(page: AnsweredPage, parameters: JsonSchema): NextPage | null {
  const link = page.links.find(({ relation }) => relation === "next");
  if (link !== undefined) return { kind: "url", url: link.url };
  const said = page.json === undefined ? [] : paging(page.json);
  const names = argumentNames(parameters);
  if (isLast(said)) return null;
  const next = byNext(said, page, names);
  if (next !== undefined) return next;
  // One that links to the first page or the one before would link to the next one, too.
  if ((page.isTold || page.links.length > 0) && !saysMore(said)) return null;
  if (page.items === null || page.items.length === 0) return null;
  return byLastItem(said, page, names) ?? byOffset(said, page, names) ??
    byNumber(said, page, names);
}

/**
 * True where an answer says that more follows than it holds, in whatever object beside its lists. What says
 * how to ask for it is looked for in known places alone, see `AROUND`.
 */
export function tellsOfMore(json: JsonValue): boolean {
  return paging(json, /./).some(([name, value, place]) =>
    value === true && MORE.test(name) && (name !== "more" || place === "" || AROUND.test(place))
  );
}

/** `next`, `next page token`, `odata next link`: a link or a cursor to what follows. */
function isNext(name: string): boolean {
  const parts = name.split(" ");
  return FOLLOWING.test(name) || parts.includes("next") && parts.every((part) => BESIDE.has(part));
}

/** `cursor`, `page token`, `starting after`. */
function isCursor(name: string): boolean {
  const parts = name.split(" ");
  const own = parts.findIndex((part) => !BEFORE_CURSOR.has(part));
  return own >= 0 && CURSOR.test(parts.slice(own).join(" "));
}

type Said = readonly (readonly [name: string, value: JsonValue, place: string])[];

/** What an answer says beside its items: names in words, values, and the member they stand in. */
function paging(json: JsonValue, around = AROUND, depth = MAX_DEPTH, place = ""): Said {
  if (isScalar(json) || Array.isArray(json) || depth === 0) return [];
  return Object.entries(json as JsonObject).flatMap(([name, value]): Said => {
    if (isScalar(value)) {
      const isHref = /^(href|url)$/i.test(name) && /^next$/i.test(place);
      return [[isHref ? "next" : words(name), value, place]];
    }
    return around.test(name) ? paging(value, around, depth - 1, name) : [];
  });
}

/** The names of arguments, members of the body among them. */
function argumentNames(parameters: JsonSchema): string[] {
  const view = new SchemaView(parameters);
  const own = propertiesOf(parameters);
  return [...Object.keys(own), ...Object.keys(view.members(own["body"]))];
}

function isLast(said: Said): boolean {
  return said.some(([name, value]) =>
    MORE.test(name) && value === false || LAST.test(name) && value === true
  );
}

function saysMore(said: Said): boolean {
  return said.some(([name, value]) => MORE.test(name) && value === true);
}

/** `undefined` where the answer has no word for what follows; `null` where that word is empty. */
function byNext(
  said: Said,
  { args }: AnsweredPage,
  names: readonly string[],
): NextPage | null | undefined {
  const found = said.filter(([name]) => isNext(name));
  const filled = found.filter(([, value]) => value !== null && value !== "" && value !== false);
  if (filled.length === 0) return found.length === 0 ? undefined : null;
  const link = filled.find(([, value]) => isAddress(value));
  if (link !== undefined) return { kind: "url", url: String(link[1]) };
  for (const [name, value] of filled) {
    const argument = cursorArgument(name, names);
    if (argument === undefined) continue;
    return { kind: "args", args: { ...args, [argument]: plain(value) }, isTold: true };
  }
  return undefined;
}

function isAddress(value: JsonValue): boolean {
  return typeof value === "string" && /^(https?:\/\/|\/(?!\/)|\?)\S*$/.test(value);
}

/** The argument that takes what an answer calls `next_page_token`: of the same name, or the only cursor. */
function cursorArgument(said: string, names: readonly string[]): string | undefined {
  const bare = said.replace(/^(odata )?next ?/, "");
  const wanted = [said, bare, bare === "page" ? "page" : "", said === "end cursor" ? "after" : ""]
    .filter((name) => name !== "").map((name) => name.replaceAll(" ", ""));
  const spelled = (name: string) => words(name).replaceAll(" ", "");
  const cursors = names.filter((name) => isCursor(words(name)));
  const numbers = names.filter((name) => PAGE_ARGUMENT.test(words(name)));
  return names.find((name) => wanted.includes(spelled(name))) ??
    (cursors.length === 1 ? cursors[0] : undefined) ??
    (/^next( page)?$/.test(said) && numbers.length === 1 ? numbers[0] : undefined);
}

/** `has_more` beside an argument for the last item's id: `starting_after`. */
function byLastItem(said: Said, { items, args }: AnsweredPage, names: readonly string[]) {
  if (!saysMore(said)) return null;
  const argument = names.find((name) => /^(starting|start) after$|^after( id)?$/.test(words(name)));
  const last = items!.at(-1);
  const id = last === undefined || isScalar(last) ? undefined : (last as JsonObject)["id"];
  return argument === undefined || id === undefined
    ? null
    : withArgument(args, argument, plain(id));
}

function byOffset(said: Said, page: AnsweredPage, names: readonly string[]): NextPage | null {
  const argument = names.find((name) => OFFSET_ARGUMENT.test(words(name)));
  if (argument === undefined) return null;
  const answered = said.find(([name]) => OFFSET_ARGUMENT.test(name))?.[1];
  const offset = numberOf(page.args[argument]) ?? numberOf(answered) ?? 0;
  const next = offset + page.items!.length;
  return isOver(said, page, next) ? null : withArgument(page.args, argument, next);
}

function byNumber(said: Said, page: AnsweredPage, names: readonly string[]): NextPage | null {
  const argument = names.find((name) => PAGE_ARGUMENT.test(words(name)));
  if (argument === undefined) return null;
  const answered = said.find(([name]) => /^(current page|page( number)?|number)$/.test(name))?.[1];
  const number = numberOf(page.args[argument]) ?? numberOf(answered) ?? 1;
  const pages = numberOf(said.find(([name]) => TOTAL_PAGES.test(name))?.[1]);
  if (pages !== undefined) {
    return number >= pages ? null : withArgument(page.args, argument, number + 1);
  }
  const before = number > 0 ? number * page.pageSize : page.pageSize;
  return isOver(said, page, before) ? null : withArgument(page.args, argument, number + 1);
}

/** A page that is shorter than the first one is the last one, unless the answer counts more. */
function isOver(said: Said, { items, pageSize }: AnsweredPage, seen: number): boolean {
  const total = numberOf(said.find(([name]) => TOTAL_ITEMS.test(name))?.[1]);
  // A total that is no more than the page is the number of items on it.
  if (total !== undefined && total > items!.length) return seen >= total;
  return !saysMore(said) && items!.length < pageSize;
}

function withArgument(
  args: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): NextPage {
  return { kind: "args", args: { ...args, [name]: value } };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined;
}

/** An identifier of 64 bits as text, so that it keeps its digits. */
function plain(value: JsonValue): JsonValue {
  return rawNumber(value) ?? value;
}
