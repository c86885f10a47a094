/** What the pages of a recording show of the fields that requests send. */
import type { FormInput } from "../http/html.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import { isFormLeaf, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import type { Candidate } from "./typed_value.ts";

/** An input of a page, with those of the same form. */
interface ShownField {
  readonly input: FormInput;
  readonly form: readonly FormInput[];
  readonly page: Message;
}

/** Types of inputs into which a person writes (HTML standard section 4.10.5.1). */
const WRITTEN_TYPES = /^(text|email|tel|search|url|number)$/;

/** Buttons send what the page wrote on them (HTML standard section 4.10.21.4): nobody typed that. */
const BUTTON_TYPES = /^(submit|button|image)$/;

/** What a page shows a field as. */
const ROLES = {
  /** A password box, in whatever language it is named. */
  password: ({ input, form }: ShownField) => input === onlyPassword(form),
  /** A password box that stands beside others: a second secret, or the same one again. */
  "one of several": ({ input, form }: ShownField) =>
    input.type === "password" && onlyPassword(form) === undefined,
  /** The box right before a password box: browsers' password managers take it for the user name. */
  identifier: ({ input, form }: ShownField) => input === boxBeforePassword(form),
  /** A text box that the page of a password box left empty. */
  empty: ({ input, form }: ShownField) =>
    input.type === "text" && input.value === "" && onlyPassword(form) !== undefined,
  button: ({ input }: ShownField) => BUTTON_TYPES.test(input.type),
  /** A hidden field beside a password box (HTML standard section 4.10.5.1.1). */
  hidden: ({ input, form }: ShownField) =>
    input.type === "hidden" && form.some(({ type }) => type === "password"),
} as const;

export type ShownRole = keyof typeof ROLES;

function onlyPassword(form: readonly FormInput[]): FormInput | undefined {
  const [first, ...more] = form.filter(({ type }) => type === "password");
  return more.length === 0 ? first : undefined;
}

function boxBeforePassword(form: readonly FormInput[]): FormInput | undefined {
  const password = onlyPassword(form);
  return password === undefined
    ? undefined
    : form.slice(0, form.indexOf(password)).findLast(({ type }) =>
      /^(text|email|tel|number)$/.test(type)
    );
}

const shownIn = new WeakMap<Recording, ShownFields>();

/** The fields of a recording's pages, read when the first is asked for. */
export class ShownFields {
  readonly #byName = new Map<string, ShownField[]>();

  private constructor({ messages }: Recording) {
    for (const page of messages) {
      // To look for a tag costs less than to read a page.
      if (!page.mayBePage || !/<(input|button|select|textarea)\b/i.test(page.responseText)) {
        continue;
      }
      const { looseInputs = [], forms = [] } = page.page ?? {};
      for (const form of [looseInputs, ...forms.map(({ inputs }) => inputs).reverse()]) {
        for (const input of form.toReversed()) {
          const known = this.#byName.get(input.name);
          if (known === undefined) this.#byName.set(input.name, [{ input, form, page }]);
          else known.push({ input, form, page });
        }
      }
    }
  }

  static of(recording: Recording): ShownFields {
    const known = shownIn.get(recording) ?? new ShownFields(recording);
    shownIn.set(recording, known);
    return known;
  }

  /** The trace of the last page that shows the field so, and with the value that is sent where `isAsSent`. */
  pageOf(leaf: Candidate, role: ShownRole, isAsSent = false): string | undefined {
    return this.#of(leaf).findLast((shown) =>
      ROLES[role](shown) && (!isAsSent || shown.input.value === leaf.value)
    )?.page.trace.id;
  }

  /** The names of all fields that are shown so. */
  names(role: ShownRole): string[] {
    return [...this.#byName].filter(([, shown]) => shown.some(ROLES[role])).map(([name]) => name);
  }

  /** The input of the newest page before the message that sends this leaf; `null` when no page shows it. */
  before(leaf: Candidate, { index }: Message): FormInput | null {
    if (!isFormLeaf(leaf)) return null;
    return this.#of(leaf).findLast(({ page }) => page.index < index)?.input ?? null;
  }

  /** As a page names the field: `user[password]`. */
  #of({ place, name, part }: Candidate): readonly ShownField[] {
    if (part !== undefined) return [];
    const isForm = place.kind === "form" || place.kind === "multipart";
    return this.#byName.get(isForm ? place.name : name) ?? [];
  }
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
