/**
 * A handle that a server gives a client to send back: a ticket, a transaction, the id of a login that has
 * begun. It may be as short as `139`: that an earlier answer gave it under the very name is what tells,
 * however it looks. A segment of a path has no name; there a text counts that no earlier request carried and that is
 * a whole value of an answer: one with a digit in it, or one under a credential's name
 * that is not a word as addresses are made of.
 */
import { isOpaque, isUnspeakable } from "../http/opaque.ts";
import {
  isCredentialName,
  isTimestampName,
  ownerOf,
  sharesWord,
  words,
} from "../http/vocabulary.ts";
import type { ClientConstants } from "./client_constants.ts";
import { isCommonWord } from "./issued_values.ts";
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Locator } from "../codec/locators.ts";
import type { Occurrences, Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";

/** How many requests a handle is remembered for at most. */
const MAX_BACK = 50;

/** Shorter texts are words. In characters. */
const MIN_TEXT = 3;

/** Names of what is told apart by an id, and ids: `workspace_id: "wk-902"`, `challenge_id: "amber-fox"`. */
const ID_NAME = /\b(id|key|ref|no|number|code|handle|slug)$/;
const ID = /^[\w.:-]{3,64}$/;
/** A plain word that a form's hidden field sends is of the page (`_eventId=submit`). */
const WORD = /^[A-Za-z]+$/;

/** What addresses are made of. */
const PATH_WORD = /^[a-z_-]+$/;

/**
 * Where the earliest answer before this request gave the leaf's value under its name; `null` for nowhere. A refusal
 * may hold what the login answers (RFC 9110 section 11.6.1).
 * @param differs another session has another value there, so that a name with one word in common is enough
 */
export function issuedHandle(
  leaf: Leaf,
  message: Message,
  recording: Recording,
  differs = false,
): Source | null {
  if (!differs && !mayBeHandle(leaf)) return null;
  const from = Math.max(0, message.index - MAX_BACK);
  for (const earlier of recording.messages.slice(from, message.index)) {
    if (earlier.leaves.some((sent) => sent.value === leaf.value && isAlike(sent.name, leaf.name))) {
      return null;
    }
    const isAnswer = earlier.succeeded || earlier.status === 401;
    const source = isAnswer && !earlier.isClientCode ? namedIn(earlier, leaf, differs) : null;
    if (source !== null) return source;
  }
  return null;
}

/** Words of names that say nothing of what is named. */
const SAYS_NOTHING = /^(x|id|type|name|key|value|data|is|has|)$/;

/**
 * Where the latest answer before this request says a word under a name with a word in common, where no request said it
 * before but as somebody's name: a role, a tenant, a branch of whoever logs in. One of a list is theirs to choose.
 * @rule off: null
 */
export function issuedWord(
  { name, value, place }: Leaf,
  message: Message,
  { recording: { messages }, provenance, constants }: {
    readonly recording: Recording;
    readonly provenance: Occurrences;
    readonly constants: ClientConstants;
  },
): Source | null {
  if (place.kind === "path" || place.kind === "cookie" || isTimestampName(name)) return null;
  if (/person|secret/.test(ownerOf(name)) || isOpaque(value)) return null;
  if (!/^(?=.*[a-z])[\w-]{2,64}$/i.test(value) || isCommonWord(value) || constants.stood(value)) {
    return null;
  }
  const isPersons = ({ name }: Leaf) => ownerOf(name) === "person";
  const named = messages.findIndex(({ fields }) => fields.some(isPersons));
  const said = provenance.carriers(value).find(({ leaf }) => !isPersons(leaf))?.message.index;
  const known = new Set(words(name).split(" ").filter((word) => !SAYS_NOTHING.test(word)));
  const isAlikeNamed = (key: string | number) =>
    words(String(key)).split(" ").some((word) => known.has(word));
  const answers = named < 0 ? [] : messages.slice(named, said ?? message.index).toReversed();
  for (const earlier of answers.filter((one) => one.succeeded && !one.isClientCode)) {
    const found = earlier.named("json").find(({ locator, text }) =>
      text === value && locator.kind === "json" && locator.path.some(isAlikeNamed) &&
      locator.path.every((key) => typeof key === "string")
    );
    if (found !== undefined) return { index: earlier.index, locator: found.locator, openers: [] };
  }
  return null;
}

/** Ids of any name but a person's, numbers of any but a setting's or a moment's, texts under a credential's name. */
function mayBeHandle(leaf: Leaf): boolean {
  const { name, value } = leaf;
  if (leaf.place.kind === "path" && name === "") {
    return value.length >= MIN_TEXT && !/^v?\d{1,2}(\.\d+)*$/.test(value);
  }
  if (!isBodyField(leaf) && !["query", "header", "path"].includes(leaf.place.kind)) return false;
  if (leaf.place.kind === "form" && isNumbered(value)) return true;
  const owner = ownerOf(name);
  const isNumberOfPerson = owner === "person" && /^\d{2,}$/.test(value);
  const isId = ID.test(value) && !(leaf.place.kind === "form" && WORD.test(value));
  if ((owner !== "person" || isNumberOfPerson) && isId && ID_NAME.test(words(name))) return true;
  if (name === "" || owner !== "free" || isTimestampName(name)) return false;
  return /^\d{2,}$/.test(value) || isUnspeakable(value) ||
    ID.test(value) && /\d/.test(value) ||
    isCredentialName(name) && value.length >= MIN_TEXT &&
      !/^(true|false|null)$/.test(value);
}

function namedIn(message: Message, leaf: Leaf, differs: boolean): Source | null {
  if (differs && leaf.place.kind !== "path") {
    const same = message.named().find(({ locator, name, text }) =>
      text === leaf.value && sharesWord(name, leaf.name) && !isOneOfMany(locator)
    );
    return same === undefined ? null : { index: message.index, locator: same.locator, openers: [] };
  }
  const found = message.named().find(({ locator, name, text }) =>
    text === leaf.value && name !== "" &&
    (leaf.place.kind === "path" && leaf.name === ""
      ? /\d/.test(text) || isCredentialName(name) && !PATH_WORD.test(text)
      : leaf.name === "" || isAlike(contextOf(locator, name), leaf.name))
  );
  return found === undefined ? null : { index: message.index, locator: found.locator, openers: [] };
}

/** Which of them it is somebody chooses. */
function isOneOfMany(locator: Locator): boolean {
  return locator.kind === "json" && locator.path.some((key) => typeof key === "number");
}

/** What an answer calls a value: with the object around it where that says of whom it is the id. */
function contextOf(locator: Locator, name: string): string {
  if (locator.kind !== "json" || !ID_NAME.test(words(name))) return name;
  const keys = locator.path.filter((key) => typeof key === "string");
  return words(name) === "id" ? keys.slice(-2).join(" ") : name;
}

/** `ticketId` and `ticket_id` are one name, and so is the `id` of a `ticket` or of one of `tickets`. */
function isAlike(one: string, other: string): boolean {
  const name = words(one);
  return [name, name.replace(/s id$/, " id"), name.replace(/es id$/, " id")].includes(words(other));
}

/** Counted by a server, as fields of a form may be: `j_idt12`, `100`. */
function isNumbered(value: string): boolean {
  return /^[\w-]{3,24}$/.test(value) && /\d/.test(value);
}
