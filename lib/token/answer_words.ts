/**
 * What an answer says in words, as a person would read it: the visible lines of a page, the texts of JSON
 * with the name they stand under. Class names, scripts and the keys of flags say nothing. Pure.
 */
import { isRecord, type JsonValue } from "../base/json.ts";
import type { ParsedBody } from "../http/body.ts";
import { visibleLines } from "../http/visible_text.ts";

export interface Statement {
  /** One line: `Wrong password`. */
  readonly text: string;
  /** The field it is about, as the server names it; `null` when it names none. */
  readonly field: string | null;
}

const MAX_STATEMENTS = 300;
const MAX_DEPTH = 6;
/** A longer text is content. In UTF-16 units. */
const MAX_LENGTH = 400;

/** `pathname`: of the request, which is not a field's name where the answer repeats it. */
export function statementsIn(content: ParsedBody, pathname: string): Statement[] {
  const all = content.kind === "json"
    ? jsonStatements(withoutPath(content.value, pathname), ROOT)
    : linesOf(content).map((text) => ({ text, field: fieldIn(text) }));
  return all.filter(({ text }) => text.length <= MAX_LENGTH).slice(0, MAX_STATEMENTS);
}

function linesOf(content: ParsedBody): string[] {
  if (content.kind === "html") {
    const lines = visibleLines(content.text);
    return lines.length > 0 ? lines : alertsIn(content.text);
  }
  if (content.kind === "text") return content.text.split(/\r?\n/).map((line) => line.trim());
  return content.kind === "form" ? content.fields.map(([, value]) => value) : [];
}

/** What a page without a text of its own tells in a window: `alert('Wrong password'); history.back()`. */
function alertsIn(html: string): string[] {
  return [...html.matchAll(/\balert\(\s{0,9}(?:"([^"]{1,400})"|'([^']{1,400})')/g)]
    .map(([, double, single]) => (double ?? single!).replace(/\\[nrt]/g, " ").trim());
}

/** Members under which errors stand by the name of their field. */
const BY_FIELD =
  /^(errors?|fields?|violations|(field|validation|model|form)_?(errors?|state)|invalid_?params)$/i;
/** Members that name the field an error is about. */
const NAMES_FIELD =
  /^(field(_?name)?|param(eter)?|property(_?path)?|path|loc(ation)?|pointer|instance_?path|attribute|target|key)$/i;
/** Names under which servers put what belongs to no field. */
const NO_FIELD =
  /^(non_?field_?errors?|__all__|_?errors?|base|general|global|details?|messages?|msg|codes?|status|title|types?|reasons?|descriptions?|error_?(code|description|message|type)|data|result|root|summary)$/i;

/** Members that may hold a word about the login; one word elsewhere is a setting: `{"captcha": "disabled"}`. */
const TELLS =
  /err|fail|fault|exception|code|reason|mess?age|msg|stat|type|title|detail|desc|result|account|user|login|auth|data|body|response|info/i;

interface Place {
  readonly field: string | null;
  readonly depth: number;
  /** False below a member that says nothing of the login. */
  readonly tells: boolean;
}

const ROOT: Place = { field: null, depth: 0, tells: true };

/** `{"status": 404, "error": "Not Found", "path": "/login"}` of Spring Boot. */
function withoutPath(value: JsonValue, pathname: string): JsonValue {
  if (!isRecord(value)) return value;
  const { path, ...others } = value as JsonMembers;
  return typeof path === "string" && path.startsWith("/") && pathname.endsWith(path)
    ? others
    : value;
}

function jsonStatements(value: JsonValue, place: Place): Statement[] {
  const { field, depth, tells } = place;
  if (depth > MAX_DEPTH) return [];
  if (typeof value === "string") {
    const text = value.trim();
    if (text === "" || !tells && /^\p{L}\p{Ll}{0,40}$/u.test(text)) return [];
    return [{ text, field: field ?? fieldIn(text) }];
  }
  const inside = { ...place, depth: depth + 1 };
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue) => jsonStatements(item, inside));
  }
  if (!isRecord(value)) return [];
  const members = Object.entries(value) as [string, JsonValue][];
  const named = members.filter(([name]) => NAMES_FIELD.test(name))
    .map(([, member]) => fieldName(member)).find((name) => name !== null) ?? field;
  return members.filter(([name]) => !NAMES_FIELD.test(name)).flatMap(([name, member]) => {
    if (member === true && LOCK_FLAG.test(name)) return [{ text: `${name}: true`, field: null }];
    if (BY_FIELD.test(name) && isRecord(member)) return byField(member as JsonMembers, inside);
    // Django's serializers answer `{"username": ["This field is required."]}`.
    const isListed = depth === 0 && Array.isArray(member) && !NO_FIELD.test(name) &&
      !BY_FIELD.test(name);
    const below = { field: isListed ? name : named, tells: tells && TELLS.test(name) };
    return jsonStatements(member, { ...inside, ...below });
  });
}

/** A flag that is set; `disabled` may be a button's. */
const LOCK_FLAG = /^(is|account|user)?_?(is_?)?(locked(_?out)?|blocked|suspended|banned)$/i;

type JsonMembers = Readonly<Record<string, JsonValue>>;

function byField(members: JsonMembers, place: Place): Statement[] {
  const named = Object.entries(members).filter(([name]) => NAMES_FIELD.test(name));
  if (named.length > 0) return jsonStatements(members as JsonValue, { ...place, field: null });
  return Object.entries(members).flatMap(([name, member]) =>
    jsonStatements(member, { ...place, field: NO_FIELD.test(name) ? null : innermost(name) })
  );
}

/** `["body", "username"]` as FastAPI writes it, `/data/attributes/login` of JSON:API. */
function fieldName(value: JsonValue): string | null {
  const last = Array.isArray(value) ? value.findLast((part) => typeof part === "string") : value;
  return typeof last === "string" && /^[\w./[\]$-]{1,80}$/.test(last) ? innermost(last) : null;
}

function innermost(path: string): string {
  return path.split(/[./[\]]/).findLast((part) => part !== "") ?? path;
}

const QUOTED = /["'`“«]([A-Za-z_][\w.[\]-]{0,60})["'`”»]/;
const NAMED =
  /\b(?:field|parameter|property|argument|param|key|column)s?(?:\s{0,9}:)?\s{1,9}([A-Za-z_][\w.-]{0,60})/i;
const BEGINS =
  /^(?:the\s+)?([A-Za-z_][\w.-]{0,60})(?:\s+field|\s+parameter)?\s+(?:is|was|must|should|may|can)\b/i;
const PRECEDES = /\b(?:missing|required)(?:\s{0,9}:)?\s{1,9}([a-z_][\w.-]{0,60})$/i;
/** Words that stand where a name might: `This field is required`, `Password field is missing` keeps its name. */
const NO_NAME =
  /^(this|it|that|field|value|parameter|is|are|required|missing|request|body|input|data|an?|the|your|you|not|or|and)$/i;

/** The field that a sentence names, where it names one. */
function fieldIn(text: string): string | null {
  for (const pattern of [QUOTED, BEGINS, PRECEDES, NAMED]) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined && !NO_NAME.test(name)) return innermost(name);
  }
  return null;
}
