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

/** Names of fields, by what the pages of this recording show them as; the pages are known by their trace. */
export interface ShownFields {
  /** Password boxes, in whatever language they are named. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Password boxes that stand beside others: a second secret, or the same one again. */
  readonly several: ReadonlyMap<string, string>;
  /** Boxes right before a password box: browsers' password managers take them for the user name. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** Text boxes that the page of a password box left empty. */
  readonly empty: ReadonlyMap<string, string>;
  /** Buttons, which send what the page wrote on them (HTML standard section 4.10.21.4). */
  readonly buttons: ReadonlySet<string>;
  /** Hidden fields with the value the page gave them: nobody typed it (HTML standard section 4.10.5.1.1). */
  readonly given: ReadonlySet<string>;
}

export function shownFields(recording: Recording): ShownFields {
  const shown = {
    passwords: new Map<string, string>(),
    several: new Map<string, string>(),
    identifiers: new Map<string, string>(),
    empty: new Map<string, string>(),
    buttons: new Set<string>(),
    given: new Set<string>(),
  };
  for (const message of recording.messages) {
    if (!message.mayBePage || !/type\s*=\s*["']?password/i.test(message.responseText)) continue;
    const page = message.page;
    if (page === null) continue;
    for (const inputs of [page.looseInputs, ...page.forms.map((form) => form.inputs)]) {
      const passwords = inputs.filter((input) => input.type === "password");
      if (passwords.length === 1) {
        shown.passwords.set(passwords[0]!.name, message.trace.id);
        const before = inputs.slice(0, inputs.indexOf(passwords[0]!)).findLast(isTextBox);
        if (before !== undefined) shown.identifiers.set(before.name, message.trace.id);
      }
      if (passwords.length > 1) {
        for (const { name } of passwords) shown.several.set(name, message.trace.id);
      }
      for (const { name, type, value } of inputs) {
        if (BUTTON_TYPES.has(type)) shown.buttons.add(name);
        if (type === "text" && value === "" && passwords.length === 1) {
          shown.empty.set(name, message.trace.id);
        }
        if (type === "hidden" && passwords.length > 0) shown.given.add(`${name}\0${value}`);
      }
    }
  }
  return shown;
}

function isTextBox({ type }: FormInput): boolean {
  return ["text", "email", "tel", "number"].includes(type);
}
