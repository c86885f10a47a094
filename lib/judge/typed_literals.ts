/** Recorded credentials in the text of a script: whole, or what is left of a password without the name. */
import { EncodedText } from "../codec/encoded_text.ts";
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { percentDecode } from "../http/url.ts";
import { ownerOf, words } from "../http/vocabulary.ts";
import { answerValues } from "./answer_values.ts";
import { carriedBy } from "./carried_values.ts";
import { type Objection, objection, objectionTo } from "./finding.ts";
import { heldBy } from "./held_values.ts";
import { openText } from "./open_text.ts";
import { isWord } from "./handed_on_texts.ts";
import type { ScriptRun } from "./run.ts";
import type { ScriptCase, ScriptText } from "./script_case.ts";

const MIN_FRAGMENT = 4;

/** @rule off: [] */
export function typedLiterals(script: ScriptText): Objection[] {
  return secretsOf(script).flatMap(({ text, what }) => {
    const at = script.written.texts.find((one) =>
      openText(one.text).some((part) => holdsWord(part, text)) &&
      !isSentBefore(one.text, script) && !isSaidBefore(one.text, text, script)
    );
    return at === undefined
      ? []
      : [objectionTo(`script line ${at.line}`, `holds ${what} of the recording`)];
  });
}

/**
 * The site said the whole of it before anybody typed, and it is more than the name: `m.login.password`.
 * @rule off: false
 */
function isSaidBefore(
  literal: string,
  name: string,
  { evidence: { traces }, firstTyped }: ScriptText,
): boolean {
  const before = literal === name || firstTyped === Infinity ? [] : traces.slice(0, firstTyped);
  return before.some(({ response }) =>
    response !== null && answerValues(response).some(({ value }) => value === literal)
  );
}

/**
 * What stands beside a value in an answer, by which a script takes it: where somebody's name is in there, the next
 * one's answer has another. However short the name is, pages that were read before anybody typed have no such text.
 * @rule off: []
 */
export function namedBeside({ runs, written, evidence }: ScriptCase): Objection[] {
  return [...runs.reenacted.answers.values()].flatMap((answer) => {
    const since = evidence.sent(answer)[0]?.index ?? Infinity;
    const holding = answer.length < MIN_NAME
      ? []
      : written.texts.filter(({ text }) =>
        text !== answer && isQuotedIn(text, answer) && evidence.sent(text).length === 0
      );
    const bodies = holding.length === 0
      ? []
      : evidence.traces.map(({ response }) =>
        response?.body ? bodyText(response.headers, response.body) : ""
      );
    return holding.filter(({ text }) =>
      bodies.slice(since).some((body) => body.includes(text)) &&
      bodies.slice(0, since).every((body) => !body.includes(text))
    ).map(({ line }) => objectionTo(`script line ${line}`, "holds the user name of the recording"));
  });
}

/** Shorter names are signs of the page. In characters. */
const MIN_NAME = 2;

/** As a value of a text: up to a mark that ends one, and not what a value is called. */
function isQuotedIn(text: string, name: string): boolean {
  const after = text.slice(text.indexOf(name) + name.length);
  return holdsWord(text, name) && /^["'<>|;,&)\]}]/.test(after) && !/^["']?\s*[:=]/.test(after);
}

/**
 * The same in what a run sent or handed over, put together from whatever pieces: another person logged in
 * there. What an answer of the run held is the answer's.
 */
export function typedCopies(run: ScriptRun, script: ScriptText): Objection[] {
  const secrets = secretsOf(script)
    .filter(({ text }) => !isSentBefore(text, script) && !heldBy(run).has(text));
  return carriedBy(run).flatMap(({ trace, values }) =>
    values.flatMap(({ where, value }) => {
      const parts = openText(value);
      const copied = secrets.find(({ text }) => parts.includes(text));
      return copied === undefined
        ? []
        : [objection({ trace, where }, `holds ${copied.what} of the recording`)];
    })
  );
}

const MIN_ANYWHERE = 8;

/** Longer personal texts stand nowhere in a script, in whatever encoding, comments included. */
export function personalTexts(script: ScriptText): Objection[] {
  const { source, personal } = script;
  return personal.flatMap(({ name, value }) => {
    const isLong = value.length >= MIN_ANYWHERE && isDistinctive(value) && !isPlace(value);
    const [at] = isLong ? new EncodedText(value).spansIn(source) : [];
    if (at === undefined || isSentBefore(value, script)) return [];
    if (isNoUser(value, script) && isOlderWord(value, script) || isClientsWord(value, script)) {
      return [];
    }
    const line = source.slice(0, at.start).split("\n").length;
    return [objectionTo(`script line ${line}`, `holds the captured value of ${name}`)];
  });
}

/** A URL or a path names where the script goes. */
function isPlace(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^\//i.test(text);
}

/** Plain words are skipped: they may stand in a script for many reasons, and the runs tell. */
function secretsOf(script: ScriptText): { text: string; what: string }[] {
  const { typed } = script;
  const users = typed.filter(({ role }) => role === "user").map(({ value }) => value);
  const passwords = typed.filter(({ role }) => role === "password" || role === "told");
  const fragments = passwords.flatMap(({ value }) =>
    users.filter((user) => user !== "" && user !== value && value.includes(user))
      .flatMap((user) => value.split(user)).filter((part) => part.length >= MIN_FRAGMENT)
  );
  return [
    ...users.map((text) => ({ text, what: "the user name" })),
    ...passwords.map(({ value }) => ({ text: value, what: "a password" })),
    ...fragments.map((text) => ({ text, what: "a part of a password" })),
  ].filter(({ text }) =>
    text.length >= MIN_FRAGMENT && isDistinctive(text) && !isClientsWord(text, script) &&
    !(isNoUser(text, script) && isOlderWord(text, script))
  );
}

/** A page may know who was here last; it knows nobody's password. @rule off: true */
function isNoUser(text: string, { typed }: ScriptText): boolean {
  return typed.every(({ role, value }) => role !== "user" || value !== text);
}

/**
 * What stood in requests and answers before anybody typed, and what fields and headers are called.
 * @rule off: false
 */
export function isOlderWord(
  text: string,
  { evidence: { traces }, firstTyped }: ScriptText,
): boolean {
  return textsOf(traces.slice(0, firstTyped)).some((older) => holdsWord(older, text)) ||
    traces.some(({ request, response }) =>
      [...request.headers, ...response?.headers ?? []].some(([name]) => holdsWord(name, text))
    );
}

function textsOf(traces: readonly Trace[]): string[] {
  return traces.flatMap(({ request, response }) => [
    percentDecode(request.url),
    ...request.headers.map(([, value]) => value),
    ...[request, response].flatMap((message) =>
      message?.body ? [bodyText(message.headers, message.body)] : []
    ),
  ]);
}

/**
 * What a setting of the client says as well (`X-Api-Version`, `client_id`): people may choose the same word.
 * @rule off: false
 */
function isClientsWord(text: string, { evidence, firstTyped }: ScriptText): boolean {
  return evidence.sent(text).some(({ index, name }) =>
    index <= firstTyped && ownerOf(name) === "client"
  );
}

/** No single word, number or path: `orders`, `1`, `user`. @rule off: true */
function isDistinctive(text: string): boolean {
  return !/^[A-Za-z]+$/.test(text) && !/^\d{1,4}$/.test(text) && words(text) !== "";
}

/** As a word of its own. */
export function holdsWord(literal: string, text: string): boolean {
  let at = literal.indexOf(text);
  while (at !== -1) {
    const before = literal.charAt(at - 1);
    const after = literal.charAt(at + text.length);
    if (!(isWord(before) && isWord(text.charAt(0))) && !(isWord(after) && isWord(text.at(-1)!))) {
      return true;
    }
    at = literal.indexOf(text, at + 1);
  }
  return false;
}

/** What was sent before anything was typed cannot come from it. @rule off: false */
function isSentBefore(literal: string, { evidence, firstTyped }: ScriptText): boolean {
  return evidence.sent(literal).some(({ index }) => index < firstTyped);
}
