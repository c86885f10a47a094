/** What the recorded pages show to be a password's box, and the boxes beside it. */
import { bodyText, parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { parseHtml } from "../http/html.ts";

/** Names of the boxes of all recorded pages that have one for a password (HTML standard section 4.10.5.1). */
export interface ShownBoxes {
  readonly passwords: ReadonlySet<string>;
  /** Beside a password, without a text of the page's own. */
  readonly empty: ReadonlySet<string>;
  /** Name and value of buttons beside a password, as `fixedKey()` has them: nobody types what a button says. */
  readonly buttons: ReadonlySet<string>;
}

/** Types of inputs that send what the page wrote on them (HTML standard section 4.10.21.4). */
const BUTTON = /^(submit|button|image)$/;

export function fixedKey(
  { name, value }: { readonly name: string; readonly value: string },
): string {
  return `${name}\0${value}`;
}

export function shownBoxes(traces: readonly Trace[]): ShownBoxes {
  const passwords = new Set<string>();
  const empty = new Set<string>();
  const buttons = new Set<string>();
  for (const { response } of traces) {
    if (!response?.body) continue;
    const text = bodyText(response.headers, response.body);
    if (!/type\s*=\s*["']?password/i.test(text)) continue;
    const body = parseBody(response.headers, response.body);
    if (body.kind !== "html") continue;
    const page = parseHtml(body.text);
    for (const inputs of [...page.forms.map((form) => form.inputs), page.looseInputs]) {
      if (inputs.every(({ type }) => type !== "password")) continue;
      for (const { type, name, value } of inputs) {
        if (type === "password" && name !== "") passwords.add(name);
        if (type === "text" && name !== "" && value === "") empty.add(name);
        if (BUTTON.test(type)) buttons.add(fixedKey({ name, value }));
      }
    }
  }
  return { passwords, empty, buttons };
}
