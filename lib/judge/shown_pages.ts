/** What the recorded pages that ask for a password show beside its box. */
import { bodyText, parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { type HtmlPage, parseHtml } from "../http/html.ts";

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
  for (const page of passwordPages(traces)) {
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

/** What may be chosen from, a domain, a site, a role, by the name of its list (HTML standard section 4.10.7). */
export function shownChoices(traces: readonly Trace[]): ReadonlyMap<string, readonly string[]> {
  const choices = passwordPages(traces)
    .flatMap((page) => page.choices.filter(({ name }) => !isFixed(name, page)));
  return new Map(
    choices.map(({ name, options }) => [name, options.filter((option) => option !== "")]),
  );
}

/** The list is of another form, such as one for the language: that of the password holds the name without a choice. */
function isFixed(list: string, { forms }: HtmlPage): boolean {
  const inputs = forms.map((form) => form.inputs)
    .filter((own) => own.some(({ type }) => type === "password")).flat()
    .filter(({ name }) => name === list);
  return inputs.some(({ type }) => type === "hidden") &&
    !inputs.some(({ type }) => type === "select");
}

const known = new WeakMap<readonly Trace[], readonly HtmlPage[]>();

function passwordPages(traces: readonly Trace[]): readonly HtmlPage[] {
  const pages = known.get(traces) ?? traces.flatMap(({ response }) => {
    if (!response?.body) return [];
    const text = bodyText(response.headers, response.body);
    if (!/type\s*=\s*["']?password/i.test(text)) return [];
    return parseBody(response.headers, response.body).kind === "html" ? [parseHtml(text)] : [];
  });
  known.set(traces, pages);
  return pages;
}
