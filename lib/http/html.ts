/**
 * What a login needs from an HTML page: forms with their fields, meta tags, inline scripts, element
 * attributes. One pass of a SAX parser with a form pointer, because that is how browsers assign
 * fields to forms in broken markup (HTML standard, section 13.2.4.4 "the form element pointer").
 */
import { readHtml } from "./read_html.ts";
import { parseUrl } from "./url.ts";

export interface FormInput {
  readonly name: string;
  /** `text`, `password`, `hidden`, `checkbox`, `submit`, …; `select`, `textarea` for those elements. */
  readonly type: string;
  /** The prefilled value; for a `select` the selected or first option. */
  readonly value: string;
  /** False for an unchecked box or radio, and for a button: a browser does not send it by itself. */
  readonly sent: boolean;
  /** A browser does not submit the form while it is empty; absent where it does. */
  readonly required?: true;
}

export interface HtmlForm {
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** As written; `""` means the page's own URL. */
  readonly action: string;
  /** Upper case. */
  readonly method: string;
  readonly enctype: string;
  readonly inputs: readonly FormInput[];
}

export interface HtmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface HtmlPage {
  readonly forms: readonly HtmlForm[];
  /** Fields that belong to no form. */
  readonly looseInputs: readonly FormInput[];
  /** What lists offer to choose from, by the name of the list. */
  readonly choices: readonly { readonly name: string; readonly options: readonly string[] }[];
  /** `name`, `property` or `http-equiv`, with the content, in page order. */
  readonly metas: readonly (readonly [name: string, content: string])[];
  /** Text of inline scripts, with the script's `id` and `type`. */
  readonly scripts: readonly { id: string | undefined; type: string; text: string }[];
  /** Elements that have an id or a data attribute, and `body`, in page order. */
  readonly elements: readonly HtmlElement[];
  readonly baseHref: string | undefined;
}

interface OpenForm {
  id: string | undefined;
  name: string | undefined;
  action: string;
  method: string;
  enctype: string;
  inputs: FormInput[];
}

interface OpenSelect {
  name: string;
  form: OpenForm | undefined;
  value: string | undefined;
  options: string[];
  required: boolean;
}

/** Reads a page, in time that grows with its length. Malformed markup is read as far as it goes. */
export function parseHtml(html: string): HtmlPage {
  const reader = new PageReader();
  readHtml(html, {
    onopentag: (tag, attributes) => reader.open(tag, attributes),
    ontext: (text) => reader.text(text),
    onclosetag: (tag) => reader.close(tag),
  });
  return reader.page();
}

/** The URL a form submits to, absolute. */
export function formActionUrl(page: HtmlPage, form: HtmlForm, pageUrl: string): string {
  const base = page.baseHref === undefined ? pageUrl : parseUrl(page.baseHref, pageUrl)?.href;
  if (form.action === "") return pageUrl;
  return parseUrl(form.action, base ?? pageUrl)?.href ?? form.action;
}

/** An attribute of the element `#id`, or of the first element with that tag name. */
export function elementAttribute(
  page: HtmlPage,
  selector: string,
  attribute: string,
): string | undefined {
  const wanted = selector.startsWith("#") ? selector.slice(1) : undefined;
  const element = page.elements.find((candidate) =>
    wanted === undefined ? candidate.tag === selector : candidate.attributes["id"] === wanted
  );
  return element?.attributes[attribute];
}

/** Elements whose content a browser does not treat as part of the page. */
const INERT_TAGS = new Set(["noscript", "template"]);

class PageReader {
  readonly #forms: OpenForm[] = [];
  readonly #loose: FormInput[] = [];
  readonly #byId: { formId: string; input: FormInput }[] = [];
  readonly #choices: { name: string; options: readonly string[] }[] = [];
  readonly #metas: [string, string][] = [];
  readonly #scripts: { id: string | undefined; type: string; text: string }[] = [];
  readonly #elements: HtmlElement[] = [];
  #baseHref: string | undefined;
  #form: OpenForm | undefined;
  #select: OpenSelect | undefined;
  #option: { value: string | undefined; text: string; selected: boolean } | undefined;
  #textarea: { name: string; text: string; formId: string | undefined } | undefined;
  #script: { id: string | undefined; type: string; text: string } | undefined;
  #inert = 0;

  open(tag: string, attributes: Record<string, string>): void {
    if (INERT_TAGS.has(tag)) this.#inert++;
    if (this.#inert > 0) return;
    this.#keepElement(tag, attributes);
    switch (tag) {
      case "form":
        return this.#openForm(attributes);
      case "input":
        return this.#addInput(inputOf(attributes), attributes["form"]);
      case "button":
        return this.#addInput(buttonOf(attributes), attributes["form"]);
      case "select":
        this.#select = {
          name: attributes["name"] ?? "",
          form: this.#form,
          value: undefined,
          options: [],
          required: "required" in attributes,
        };
        return;
      case "option":
        this.#option = { value: attributes["value"], text: "", selected: "selected" in attributes };
        return;
      case "textarea":
        this.#textarea = { name: attributes["name"] ?? "", text: "", formId: attributes["form"] };
        return;
      case "meta":
        return this.#addMeta(attributes);
      case "script":
        this.#script = { id: attributes["id"], type: attributes["type"] ?? "", text: "" };
        return;
      case "base":
        this.#baseHref ??= attributes["href"];
    }
  }

  text(text: string): void {
    if (this.#script) this.#script.text += text;
    else if (this.#textarea) this.#textarea.text += text;
    else if (this.#option) this.#option.text += text;
  }

  close(tag: string): void {
    if (INERT_TAGS.has(tag) && this.#inert > 0) this.#inert--;
    if (this.#inert > 0) return;
    if (tag === "form") this.#form = undefined;
    else if (tag === "option") this.#closeOption();
    else if (tag === "select") this.#closeSelect();
    else if (tag === "textarea") this.#closeTextarea();
    else if (tag === "script") {
      if (this.#script && this.#script.text.trim() !== "") this.#scripts.push(this.#script);
      this.#script = undefined;
    }
  }

  page(): HtmlPage {
    const owners = new Map(this.#forms.toReversed().map((form) => [form.id, form]));
    for (const { formId, input } of this.#byId) {
      (owners.get(formId)?.inputs ?? this.#loose).push(input);
    }
    return {
      forms: this.#forms,
      looseInputs: this.#loose,
      choices: this.#choices,
      metas: this.#metas,
      scripts: this.#scripts,
      elements: this.#elements,
      baseHref: this.#baseHref,
    };
  }

  #keepElement(tag: string, attributes: Record<string, string>): void {
    const names = Object.keys(attributes);
    if (names.some((name) => name === "id" || name.startsWith("data-")) || tag === "body") {
      this.#elements.push({ tag, attributes });
    }
  }

  /** A form inside a form is ignored (HTML standard, "form" start tag in body). */
  #openForm(attributes: Record<string, string>): void {
    if (this.#form !== undefined) return;
    this.#form = {
      id: attributes["id"],
      name: attributes["name"],
      action: (attributes["action"] ?? "").trim(),
      method: (attributes["method"] ?? "GET").toUpperCase(),
      enctype: (attributes["enctype"] ?? "application/x-www-form-urlencoded").toLowerCase(),
      inputs: [],
    };
    this.#forms.push(this.#form);
  }

  #addInput(input: FormInput, formId: string | undefined): void {
    if (input.name === "") return;
    if (formId !== undefined) this.#byId.push({ formId, input });
    else (this.#form?.inputs ?? this.#loose).push(input);
  }

  #addMeta(attributes: Record<string, string>): void {
    const name = attributes["name"] ?? attributes["property"] ?? attributes["http-equiv"];
    const content = attributes["content"];
    if (name !== undefined && content !== undefined) this.#metas.push([name, content]);
  }

  #closeOption(): void {
    const option = this.#option;
    this.#option = undefined;
    if (!option || !this.#select) return;
    const value = option.value ?? option.text.trim();
    this.#select.options.push(value);
    if (option.selected || this.#select.value === undefined) this.#select.value = value;
  }

  #closeSelect(): void {
    const select = this.#select;
    this.#select = undefined;
    if (!select || select.name === "") return;
    this.#choices.push({ name: select.name, options: select.options });
    const input = {
      name: select.name,
      type: "select",
      value: select.value ?? "",
      sent: true,
      ...(select.required ? { required: true as const } : {}),
    };
    (select.form?.inputs ?? this.#loose).push(input);
  }

  #closeTextarea(): void {
    const area = this.#textarea;
    this.#textarea = undefined;
    if (!area) return;
    const value = area.text.replace(/^\r?\n/, "");
    this.#addInput({ name: area.name, type: "textarea", value, sent: true }, area.formId);
  }
}

function inputOf(attributes: Record<string, string>): FormInput {
  const type = (attributes["type"] ?? "text").toLowerCase();
  const isBox = type === "checkbox" || type === "radio";
  const isButton = type === "submit" || type === "button" || type === "image" || type === "reset";
  return {
    name: attributes["name"] ?? "",
    type,
    value: attributes["value"] ?? (isBox ? "on" : ""),
    sent: isBox ? "checked" in attributes : !isButton,
    ...("required" in attributes ? { required: true } : {}),
  };
}

function buttonOf(attributes: Record<string, string>): FormInput {
  return {
    name: attributes["name"] ?? "",
    type: (attributes["type"] ?? "submit").toLowerCase(),
    value: attributes["value"] ?? "",
    sent: false,
  };
}
