import {
  elementAttribute,
  formActionUrl,
  type FormInput,
  type HtmlForm,
  type HtmlPage,
  parseHtml,
} from "../../http/html.ts";

/** A form as a script sees it. */
export interface ScriptForm {
  readonly id: string;
  readonly name: string;
  /** Absolute when a base URL was given, else as written. */
  readonly action: string;
  readonly method: string;
  readonly enctype: string;
  /** What a browser would send as it stands: hidden and prefilled fields, checked boxes, selections. */
  readonly fields: Record<string, string>;
  readonly inputs: readonly { name: string; type: string; value: string }[];
}

/** The forms of a page, with what else of the page a login needs. */
export type ScriptForms = ScriptForm[] & {
  /** `name`, `property` or `http-equiv`, to the first content. */
  readonly meta: Record<string, string>;
  /** All hidden inputs of the page, inside forms and outside. */
  readonly hidden: Record<string, string>;
  /** An attribute of the element `#id`, or of the first element with that tag name. */
  readonly attribute: (selector: string, attribute: string) => string | undefined;
};

/** The injected `html_forms(html, base_url?)`. */
export function html_forms(html: string, base_url?: string): ScriptForms {
  const page = parseHtml(String(html));
  const base = base_url === undefined ? undefined : String(base_url);
  const inputs = [...page.forms.flatMap((form) => form.inputs), ...page.looseInputs];
  return Object.assign(page.forms.map((form) => scriptForm(page, form, base)), {
    meta: firstOfEach(page.metas),
    hidden: firstOfEach(
      inputs.filter(({ type }) => type === "hidden").map(({ name, value }) => [name, value]),
    ),
    attribute: (selector: string, attribute: string) =>
      elementAttribute(page, String(selector), String(attribute)),
  });
}

function scriptForm(page: HtmlPage, form: HtmlForm, base: string | undefined): ScriptForm {
  return {
    id: form.id ?? "",
    name: form.name ?? "",
    action: base === undefined ? form.action : formActionUrl(page, form, base),
    method: form.method,
    enctype: form.enctype,
    fields: lastOfEach(form.inputs.filter(({ sent }) => sent)),
    inputs: form.inputs.map(({ name, type, value }) => ({ name, type, value })),
  };
}

function firstOfEach(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!first.has(name)) first.set(name, value);
  }
  return Object.fromEntries(first);
}

/** Of several fields with one name the last: servers read a checkbox over the hidden default before it. */
function lastOfEach(inputs: readonly FormInput[]): Record<string, string> {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}
