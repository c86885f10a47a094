/** Buttons, which send what the page wrote on them (HTML standard section 4.10.21.4): nobody typed that. */
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

const BUTTON_TYPES: ReadonlySet<string> = new Set(["submit", "button", "image"]);

/** Names of the buttons in the form that this message sent, as the latest page before it shows the form. */
export function pressedButtons(message: Message, recording: Recording): ReadonlySet<string> {
  const sent = new Set(message.leaves.filter(isBodyField).map(fieldName));
  if (sent.size === 0) return new Set();
  for (let index = message.index - 1; index >= 0; index--) {
    const form = recording.at(index).page?.forms.find(({ inputs }) =>
      inputs.some(({ name, type }) => sent.has(name) && !BUTTON_TYPES.has(type))
    );
    if (form === undefined) continue;
    const buttons = form.inputs.filter(({ type }) => BUTTON_TYPES.has(type));
    return new Set(buttons.map(({ name }) => name));
  }
  return new Set();
}

/** As a page names the field: `user[password]`. */
export function fieldName({ place, name }: Leaf): string {
  return place.kind === "form" || place.kind === "multipart" ? place.name : name;
}
