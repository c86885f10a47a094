/**
 * The form of a page that a request sends (HTML standard section 4.10.22). What the page puts into it by itself,
 * its hidden inputs and the button that was pressed, is not an argument; what it presets is a default.
 */
import { formFieldsOf } from "../../http/body.ts";
import { isOpaque } from "../../http/opaque.ts";
import { type FormInput, type HtmlForm, parseHtml } from "../../http/html.ts";
import { parseUrl } from "../../http/url.ts";
import { words } from "../../http/vocabulary.ts";
import type { Sample } from "./sample.ts";
import type { UserNames } from "./user_names.ts";
import { segmentKind } from "./segment_kind.ts";

export type FormRole =
  | { readonly kind: "constant"; readonly value: string }
  /** Made by the server for this page: fetched with each call. */
  | { readonly kind: "handed out" }
  /** What is sent where nobody chooses otherwise. */
  | { readonly kind: "preset"; readonly value: string };

/** Pages looked at before a request, newest first. */
const MAX_PAGES = 30;
/** Of the names that were sent, how many the form has: scripts add some. */
const MIN_SHARE = 0.75;
const MIN_TOKEN = 16;
const SWITCH = /^(?:|[01]|true|false|on|off|[^\p{L}\p{N}]{1,3})$/u;
/** A word, or a media type. */
const PLAIN_WORD = /^[A-Za-z][A-Za-z_-]{0,23}(?:\/[\w.+-]{1,40})?$/;
/** When the page was made: seconds or milliseconds since the epoch, or written out (ISO 8601, basic format). */
const MOMENT = /^(?:1\d{9}|1\d{12}|20\d{12})$/;
/** A setting of the form, which says nothing of a person. */
const SETTING = /^(?:\d{1,4}|true|false|on|off|[a-z][a-z_-]{0,23})$/;

export class SentForms {
  readonly #pages: readonly Sample[];
  readonly #known = new Map<Sample, readonly HtmlForm[]>();
  readonly #personal: UserNames;

  /** `samples`: all of the app, in time order; pages among them. */
  constructor(samples: readonly Sample[], personal: UserNames) {
    this.#pages = samples.filter(({ answer }) => answer.kind === "html");
    this.#personal = personal;
  }

  /** Of the requests of one tool; `null` where a page before each of them has no such form. */
  forTool(samples: readonly Sample[]): SentForm | null {
    const forms = samples.map((sample) => this.#formOf(sample));
    return forms.every((form) => form !== null)
      ? new SentForm(samples, forms, this.#personal)
      : null;
  }

  #formOf(sample: Sample): HtmlForm | null {
    const sent = [...new Set(formFieldsOf(sample.body).map(([name]) => name))];
    if (sent.length === 0) return null;
    const before = this.#pages.filter(({ index, url }) =>
      index < sample.index && url.origin === sample.url.origin
    );
    for (const page of before.slice(-MAX_PAGES).toReversed()) {
      const form = this.#formsOf(page).find(({ action, method, inputs }) => {
        const target = parseUrl(action, page.url.href);
        const names = new Set(inputs.map(({ name }) => name));
        return method.toUpperCase() === sample.trace.request.method &&
          target?.pathname === sample.url.pathname &&
          sent.filter((name) => names.has(name)).length >= sent.length * MIN_SHARE;
      });
      if (form !== undefined) return form;
    }
    return null;
  }

  #formsOf(page: Sample): readonly HtmlForm[] {
    const known = this.#known.get(page) ??
      (page.answer.kind === "html" ? parseHtml(page.answer.text).forms : []);
    this.#known.set(page, known);
    return known;
  }
}

export class SentForm {
  readonly #samples: readonly Sample[];
  readonly #forms: readonly HtmlForm[];
  readonly #personal: UserNames;

  constructor(
    samples: readonly Sample[],
    forms: readonly HtmlForm[],
    personal: UserNames,
  ) {
    this.#samples = samples;
    this.#forms = forms;
    this.#personal = personal;
  }

  /** `null` for what somebody filled in. */
  roleOf(name: string, valuesBySample: readonly (readonly string[])[]): FormRole | null {
    const value = valuesBySample[0]?.[0];
    if (value === undefined || valuesBySample.some((values) => values.length !== 1)) return null;
    const inputs = this.#forms.map((form) => form.inputs.filter((input) => input.name === name));
    const isSteady = valuesBySample.every(([other]) => other === value);
    if (inputs.every((some) => some.length > 0 && some.every(isButton))) {
      return isSteady ? { kind: "constant", value } : null;
    }
    const isAsShown = inputs.every((some, at) =>
      some.find(isSentAlone)?.value === valuesBySample[at]![0]
    );
    if (!isAsShown) return null;
    if (inputs.every((some) => some.length === 1 && some[0]!.type === "hidden")) {
      return this.#hidden(name, value, isSteady);
    }
    return isSteady && inputs.every((some) => some.some(isChoice)) && SETTING.test(value) &&
        !this.#personal.has(value)
      ? { kind: "preset", value }
      : null;
  }

  /** Hidden inputs name things as well: what the address says, or an id, is for the caller to say. */
  #hidden(name: string, value: string, isSteady: boolean): FormRole | null {
    const isWord = PLAIN_WORD.test(value) && !this.#personal.has(value) &&
      !this.#isInAddress(value);
    if (isSteady && (SWITCH.test(value) || isWord)) return { kind: "constant", value };
    const namesThing = /\b(id|uuid|guid|key|ref|slug)$/.test(words(name)) ||
      segmentKind(value) === "uuid";
    const isMade = MOMENT.test(value) || value.length >= MIN_TOKEN && isOpaque(value);
    return isMade && !namesThing ? { kind: "handed out" } : null;
  }

  #isInAddress(value: string): boolean {
    return this.#samples.some(({ segments, query }) =>
      segments.includes(value) || query.some(([, text]) => text === value)
    );
  }
}

function isButton({ type }: FormInput): boolean {
  return type === "submit" || type === "button" || type === "image";
}

/** What the form sends of a name that nobody touches: the hidden input before a box that is not checked. */
function isSentAlone({ sent }: FormInput): boolean {
  return sent;
}

function isChoice({ type }: FormInput): boolean {
  return type === "select" || type === "radio" || type === "checkbox";
}
