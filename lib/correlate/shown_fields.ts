/** What the pages of a recording show of the fields that requests send. */
import type { FormInput } from "../http/html.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import type { Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import type { Candidate } from "./typed_value.ts";

/** Types of inputs into which a person writes (HTML standard section 4.10.5.1). */
const WRITTEN_TYPES = /^(text|email|tel|search|url|number)$/;

/** Buttons send what the page wrote on them (HTML standard section 4.10.21.4): nobody typed that. */
const BUTTON_TYPES = /^(submit|button|image)$/;

/** What a form with password boxes shows a field as. */
export type ShownRole =
  /** The password box, in whatever language it is named. */
  | "password"
  /** A password box that stands beside others: a second secret, or the same one again. */
  | "one of several"
  /** The box right before the password box: browsers' password managers take it for the user name. */
  | "identifier"
  /** A text box beside the password box that the page left empty. */
  | "empty"
  | "button"
  /** Sent with the page's value where nobody changes it (HTML standard section 4.10.5.1.1). */
  | "hidden";

function rolesIn(form: readonly FormInput[]): readonly (readonly [ShownRole, FormInput])[] {
  const [password, ...more] = form.filter(({ type }) => type === "password");
  const buttons = form.filter(({ type }) => BUTTON_TYPES.test(type));
  const all = (role: ShownRole, inputs: readonly FormInput[]) =>
    inputs.map((input) => [role, input] as const);
  if (password === undefined) return all("button", buttons);
  const before = form.slice(0, form.indexOf(password))
    .findLast(({ type }) => /^(text|email|tel|number)$/.test(type));
  return [
    ...all("button", buttons),
    ...all("hidden", form.filter(({ type }) => type === "hidden")),
    ...more.length > 0 ? all("one of several", [password, ...more]) : [
      ...all("password", [password]),
      ...all("identifier", before === undefined ? [] : [before]),
      ...all("empty", form.filter(({ type, value }) => type === "text" && value === "")),
    ],
  ];
}

const shownIn = new WeakMap<Recording, ShownFields>();

/** The fields of a recording's pages. */
export class ShownFields {
  /** By role and name, for hidden fields with the value, the trace of the last page that shows it. */
  readonly #pages = new Map<string, string>();

  private constructor(private readonly recording: Recording) {
    for (const message of recording.messages) {
      // To look for the word costs less than to read a page.
      if (!message.mayBePage || !/type\s*=\s*["']?password/i.test(message.responseText)) continue;
      const { looseInputs = [], forms = [] } = message.page ?? {};
      for (const form of [looseInputs, ...forms.map(({ inputs }) => inputs)]) {
        for (const [role, { name, value }] of rolesIn(form)) {
          this.#pages.set(keyOf(role, name, value), message.trace.id);
        }
      }
    }
  }

  static of(recording: Recording): ShownFields {
    const known = shownIn.get(recording) ?? new ShownFields(recording);
    shownIn.set(recording, known);
    return known;
  }

  /** The trace of the page that shows the field so. */
  pageOf({ place, name, value, part }: Candidate, role: ShownRole): string | undefined {
    const isForm = place.kind === "form" || place.kind === "multipart";
    const key = keyOf(role, isForm ? place.name : name, value);
    return part === undefined ? this.#pages.get(key) : undefined;
  }

  /** The names of all password boxes. */
  get passwordBoxes(): string[] {
    return [...this.#pages.keys()].filter((key) => key.startsWith("password\0"))
      .map((key) => key.split("\0")[1]!);
  }

  /** The input of the newest page before the message that sends this leaf; `null` when no page shows it. */
  before({ place, part }: Candidate, { index }: Message): FormInput | null {
    if (place.kind !== "form" && place.kind !== "multipart" || part !== undefined) return null;
    for (let at = index - 1; at >= 0; at--) {
      const { forms = [], looseInputs = [] } = this.recording.at(at).page ?? {};
      const inputs = [...forms.flatMap((form) => form.inputs), ...looseInputs];
      const input = inputs.find(({ name }) => name === place.name);
      if (input !== undefined) return input;
    }
    return null;
  }
}

function keyOf(role: ShownRole, name: string, value: string): string {
  return role === "hidden" ? `${role}\0${name}\0${value}` : `${role}\0${name}`;
}

/**
 * Fields that a page showed for writing and that were sent with another value than the page's.
 * @rule off: []
 */
export function writtenFields(message: Message, recording: Recording): Leaf[] {
  return message.leaves.filter((leaf) => {
    const input = leaf.value === "" ? null : ShownFields.of(recording).before(leaf, message);
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
    (isItem(leaf) || ShownFields.of(recording).before(leaf, message)?.type === "password")
  );
  return single.length >= 2 ? single : [];
}

/** Sent as the newest page before the message has it, in a hidden field or by a button. */
export function isFixedField(leaf: Leaf, message: Message, recording: Recording): boolean {
  const input = ShownFields.of(recording).before(leaf, message);
  return input !== null && input.value === leaf.value &&
    (input.type === "hidden" || BUTTON_TYPES.test(input.type));
}

/** A button sends what the page wrote on it. @rule off: false */
export function isPressed(leaf: Candidate, message: Message, recording: Recording): boolean {
  return BUTTON_TYPES.test(ShownFields.of(recording).before(leaf, message)?.type ?? "");
}
