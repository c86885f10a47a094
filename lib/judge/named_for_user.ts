/**
 * Constants that hold what the user typed: the name in names of headers (`X-Ticket-ann`), in addresses (`/ann/start`)
 * and values, a password in another field. A script writes them down; for another person they are called otherwise,
 * unless the word is the application's own.
 */
import { headerValue } from "../http/headers.ts";
import { isKnownScheme, splitKnownScheme } from "../http/auth_scheme.ts";
import { parseUrl, pathSegments, percentDecode } from "../http/url.ts";
import { ownerOf, words } from "../http/vocabulary.ts";
import { isTypedOtherwise } from "./asked_values.ts";
import { carriedBy } from "./carried_values.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, objection, unsettled } from "./finding.ts";
import { openText } from "./open_text.ts";
import { type ScriptCase, sentElsewhere } from "./script_case.ts";
import type { TypedCredential } from "./typed_credentials.ts";
import { holdsWord, isOlderWord } from "./typed_literals.ts";

/** Shorter texts are everything. In characters. */
const MIN_WORD = 2;
/** Shorter names are words by chance, within other text. In characters. */
const MIN_NAME = 3;

/** @rule off: [] */
export function namedForUser(script: ScriptCase): Finding[] {
  const typed = (...roles: readonly TypedCredential["role"][]) =>
    script.typed.filter(({ role }) => roles.includes(role)).map(({ value }) => value);
  const users = new Set(typed("user").flatMap(spellings));
  return [
    ...inNames(script, users),
    ...[...users].flatMap((user) => inValues(script, user, "holds the user's name")),
    ...[...new Set(typed("password", "told")).difference(users)].flatMap((word) =>
      inValues(script, word, "holds a word that was typed elsewhere")
    ),
    ...inAddresses(script),
  ];
}

/** What a site makes of a name: in lower case, without the domain of a mail address. */
function spellings(user: string): string[] {
  const local = user.split("@")[0]!;
  return [user, local].flatMap((name) => [name, name.toLowerCase()]);
}

/**
 * Addresses with a word behind one for people, where a redirect after the typing led: a name that nobody typed.
 * @rule off: []
 */
function inAddresses(script: ScriptCase): Finding[] {
  const { evidence: { traces }, firstTyped, written } = script;
  return traces.slice(firstTyped).flatMap(({ id, request, response }) => {
    const target = response === null ? undefined : headerValue(response.headers, "location");
    const url = parseUrl(target ?? "", request.url);
    const segments = url === null || target === undefined ? [] : pathSegments(url);
    const at = segments.findIndex((word) =>
      word.length >= MIN_WORD && isBehindPerson(word, url) && !isAppWord(word, script)
    );
    const part = `/${segments.slice(at - 1, at + 1).join("/")}`;
    const copy = at < 1 ? undefined : written.texts.find(({ text }) => holdsWord(text, part));
    if (copy === undefined) return [];
    const why = `the answer of ${id} led there, and may name whoever logged in`;
    return [unsettled({ trace: null, where: `script line ${copy.line}` }, "constant", why)];
  });
}

function isBehindPerson(word: string, url: URL | null): boolean {
  return (url === null ? [] : pathSegments(url)).some((segment, at, all) =>
    segment === word && word !== "" && ownerOf((all[at - 1] ?? "").replace(/s$/, "")) === "person"
  );
}

function inNames(
  { runs, firstTyped, evidence, others }: ScriptCase,
  users: ReadonlySet<string>,
): Finding[] {
  const known = new Set([
    ...headerNames(evidence, firstTyped),
    ...others.flatMap((other) => headerNames(other)),
  ]);
  const names = [...users].filter(({ length }) => length >= MIN_NAME)
    .map((user) => user.toLowerCase());
  return carriedBy(runs.first).flatMap(({ trace, values }) =>
    values.filter(({ kind, name }) =>
      kind === "header" && !known.has(name.toLowerCase()) &&
      words(name).split(" ").some((word) => names.includes(word) && ownerOf(word) === "free")
    ).map(({ where }) =>
      others.length > 0
        ? objection({ trace, where }, "is called after the user, and in no other recording so")
        : unsettled(
          { trace, where },
          "constant",
          "its name holds the user's name, perhaps by chance",
        )
    )
  );
}

/** Of the requests before the given one, in lower case. */
function headerNames({ traces }: Evidence, end = traces.length): string[] {
  return traces.slice(0, end).flatMap(({ request }) =>
    request.headers.map(([name]) => name.toLowerCase())
  );
}

/** Values that a script sends for somebody else with the recorded word in them, as it wrote it down. */
function inValues(script: ScriptCase, word: string, what: string): Finding[] {
  if (word.length < MIN_WORD) return [];
  const isWritten = script.written.texts.some(({ text }) => holdsWord(text, word));
  if (!isWritten || isAppWord(word, script)) return [];
  const named = script.compared.filter((value) => isNamed(value, word) && !isLedTo(value, script));
  return named.flatMap((value): Finding[] => {
    const elsewhere = sentElsewhere(value, script);
    if (elsewhere.length > 0 && !elsewhere.includes(value.recorded)) {
      return [objection(value, `${what}, and in no other recording`)];
    }
    if (elsewhere.length > 0 && isTypedOtherwise(value, script)) return [];
    return [unsettled(value, "constant", `${what}, perhaps by chance`)];
  });
}

/**
 * The site has the word without the user: before anybody typed, in its code, in the address that takes the login.
 * @rule off: false
 */
function isAppWord(word: string, script: ScriptCase): boolean {
  const { evidence, firstTyped } = script;
  const login = parseUrl(evidence.traces[firstTyped]?.request.url ?? "");
  const isAddress = login !== null && pathSegments(login).includes(word) &&
    !isBehindPerson(word, login);
  return isAddress || isOlderWord(word, script) || evidence.isQuotedInCode(word);
}

/** An answer of the run said where to go. @rule off: false */
function isLedTo({ kind, trace }: ComparedValue, { runs, held }: ScriptCase): boolean {
  const sent = runs.first.sent.find((one) => one.trace === trace);
  const url = sent === undefined ? null : parseUrl(sent.request.url);
  return url !== null &&
    (kind === "path" && held.has(url.pathname) || kind === "query" && held.has(url.search));
}

function isNamed(
  { kind, name, recorded, first, isComposite }: ComparedValue,
  user: string,
): boolean {
  if (isComposite || isKnownScheme(recorded)) return false;
  if (kind !== "path" && recorded === user && ownerOf(name) === "client") return false;
  return holdsName(recorded, user) && holdsName(first, user);
}

/** As a whole or as a word; the scheme of credentials and the name of a parameter are nobody's. */
function holdsName(text: string, user: string): boolean {
  const bare = splitKnownScheme(percentDecode(text))?.credentials ?? text;
  return openText(bare).some((part) =>
    part === user ||
    user.length >= MIN_NAME && holdsWord(part.replaceAll(`${user}=`, ""), user)
  );
}
