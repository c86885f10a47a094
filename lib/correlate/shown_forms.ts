/** What earlier pages showed of the fields that a request submits. */
import type { FormInput } from "../http/html.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import type { Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

/** Types of inputs into which a person writes (HTML standard section 4.10.5.1). */
const WRITTEN_TYPES = /^(text|email|tel|search|url|number)$/;

/** The input of the newest earlier page that sends this leaf; `null` when no page shows it. */
export function shownInput(
  { place }: Pick<Leaf, "place">,
  message: Message,
  recording: Recording,
): FormInput | null {
  if (place.kind !== "form" && place.kind !== "multipart") return null;
  const { name } = place;
  for (let index = message.index - 1; index >= 0; index--) {
    const page = recording.at(index).page;
    if (page === null) continue;
    for (const inputs of [...page.forms.map((form) => form.inputs), page.looseInputs]) {
      const input = inputs.find((candidate) => candidate.name === name);
      if (input !== undefined) return input;
    }
  }
  return null;
}

/**
 * Fields that a page showed for writing and that were sent with another value than the page's.
 * @rule off: []
 */
export function writtenFields(message: Message, recording: Recording): Leaf[] {
  return message.leaves.filter((leaf) => {
    const input = leaf.value === "" ? null : shownInput(leaf, message, recording);
    return input !== null && WRITTEN_TYPES.test(input.type) && input.value !== leaf.value;
  });
}

/** Password boxes, or items of a list called a password, that were sent with a single character each. @rule off: [] */
export function singleCharacters(message: Message, recording: Recording): Leaf[] {
  if (message.method === "GET") return [];
  const isItem = ({ place, name }: Leaf) =>
    place.kind === "json" && typeof place.path.at(-1) === "number" && isPasswordName(name);
  const single = message.leaves.filter((leaf) =>
    [...leaf.value].length === 1 &&
    (isItem(leaf) || shownInput(leaf, message, recording)?.type === "password")
  );
  return single.length >= 2 ? single : [];
}

/** Buttons send what the page wrote on them (HTML standard section 4.10.21.4): nobody typed that. */
const BUTTON_TYPES: ReadonlySet<string> = new Set(["submit", "button", "image"]);

/** Sent as the newest page before the message has it, in a hidden field or by a button. */
export function isFixedField(leaf: Leaf, message: Message, recording: Recording): boolean {
  const input = shownInput(leaf, message, recording);
  return input !== null && input.value === leaf.value &&
    (input.type === "hidden" || BUTTON_TYPES.has(input.type));
}

/** A button sends what the page wrote on it. @rule off: false */
export function isPressed(
  sent: Pick<Leaf, "place">,
  message: Message,
  recording: Recording,
): boolean {
  return BUTTON_TYPES.has(shownInput(sent, message, recording)?.type ?? "");
}

/** As a page names the field: `user[password]`. */
export function fieldName({ place, name }: Leaf): string {
  return place.kind === "form" || place.kind === "multipart" ? place.name : name;
}

/** What a page shows a field as. */
type Shown =
  /** A password box, in whatever language it is named. */
  | "password"
  /** A password box that stands beside others: a second secret, or the same one again. */
  | "one of several"
  /** The box right before a password box: browsers' password managers take it for the user name. */
  | "identifier"
  /** A text box that the page of a password box left empty. */
  | "empty"
  /** It sends what the page wrote on it (HTML standard section 4.10.21.4). */
  | "button";

/** The fields of a recording's pages with password boxes. */
export class ShownFields {
  /** By role the names of fields, each with the trace of its page. */
  readonly #pages = new Map<Shown, Map<string, string>>();
  /** Hidden fields with the value the page gave them: nobody typed it (HTML standard section 4.10.5.1.1). */
  readonly #given = new Set<string>();

  constructor({ messages }: Recording) {
    for (const message of messages) {
      // To look for the word costs less than to read a page.
      if (!message.mayBePage || !/type\s*=\s*["']?password/i.test(message.responseText)) continue;
      const { looseInputs = [], forms = [] } = message.page ?? {};
      this.#noteForm(looseInputs, message.trace.id);
      for (const { inputs } of forms) this.#noteForm(inputs, message.trace.id);
    }
  }

  /** The trace of the page that shows the field so. */
  pageOf(leaf: Leaf, role: Shown): string | undefined {
    return this.#pages.get(role)?.get(fieldName(leaf));
  }

  names(role: Shown): Iterable<string> {
    return this.#pages.get(role)?.keys() ?? [];
  }

  isGiven(leaf: Leaf): boolean {
    return this.#given.has(`${fieldName(leaf)}\0${leaf.value}`);
  }

  #noteForm(inputs: readonly FormInput[], page: string): void {
    const note = (role: Shown, shown: readonly FormInput[]) => {
      const known = this.#pages.get(role) ?? new Map<string, string>();
      for (const { name } of shown) known.set(name, page);
      this.#pages.set(role, known);
    };
    const passwords = inputs.filter(({ type }) => type === "password");
    if (passwords.length === 1) {
      const before = inputs.slice(0, inputs.indexOf(passwords[0]!)).filter(isTextBox);
      note("password", passwords);
      note("identifier", before.slice(-1));
      note("empty", inputs.filter(({ type, value }) => type === "text" && value === ""));
    } else note("one of several", passwords);
    note("button", inputs.filter(({ type }) => BUTTON_TYPES.has(type)));
    for (const { name, type, value } of passwords.length > 0 ? inputs : []) {
      if (type === "hidden") this.#given.add(`${name}\0${value}`);
    }
  }
}

function isTextBox({ type }: FormInput): boolean {
  return ["text", "email", "tel", "number"].includes(type);
}
