/**
 * Values as XML by their schema (OpenAPI 3.2 section 4.24, which holds for 3.0 and 3.1 too): names, attributes,
 * wrapped lists, namespaces, `nodeType`. Members come in the schema's order, for servers that check sequences.
 */
import { AppError } from "../base/error.ts";
import { isScalar } from "../base/exact_json.ts";
import { isRecord, type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import type { BodyContent } from "./operation.ts";
import {
  booleanAt,
  itemsAt,
  type Node,
  rawChild,
  referenceOf,
  type References,
  textAt,
} from "./reference.ts";

/** How a value stands in the element around it. */
interface Form {
  /** With its prefix. */
  readonly name: string;
  /** ` xmlns:p="…"`, or nothing. */
  readonly namespace: string;
  readonly node: "element" | "attribute" | "text" | "cdata" | "none";
  readonly isWrapped: boolean;
}

/** Names of XML 1.0, without the characters beyond ASCII that nobody uses. */
const NAME = /^[A-Za-z_:][\w:.-]*$/;
/** Characters that XML 1.0 cannot hold in any spelling (section 2.2); halves of surrogate pairs beside them. */
const FORBIDDEN = /[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]/u;
const MAX_DEPTH = 100;

/** @throws {AppError} `USAGE` for a value or a name that XML cannot hold. */
export function xmlText(
  { schema, references }: Pick<BodyContent, "schema" | "references">,
  value: JsonValue,
  argument: string,
): string {
  const name = rootName(schema);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    new XmlWriter(references, argument).root(name, schema, value)
  }`;
}

/** The component's name where the schema gives none. */
function rootName(schema: Node | null): string {
  const ref = schema === null ? null : referenceOf(schema.value);
  const last = ref?.split("/").at(-1) ?? "";
  return NAME.test(last) ? last : "root";
}

class XmlWriter {
  readonly #references: References;
  readonly #argument: string;

  constructor(references: References, argument: string) {
    this.#references = references;
    this.#argument = argument;
  }

  root(name: string, schema: Node | null, value: JsonValue): string {
    const form = this.#form(name, schema);
    if (!Array.isArray(value)) return this.#element(form, schema, value, 0);
    const items = this.#items("item", schema, value, 0);
    return `<${form.name}${form.namespace}>${items}</${form.name}>`;
  }

  /** A member as it stands in its element; attributes are written by `#element`. */
  #member(name: string, schema: Node | null, value: JsonValue, depth: number): string {
    if (value === null) return "";
    const form = this.#form(name, schema);
    if (form.node === "attribute") return "";
    if (form.node === "text") return this.#text(value);
    if (form.node === "cdata") return this.#cdata(value);
    if (!Array.isArray(value)) {
      return form.node === "none"
        ? this.#content(schema, value, depth + 1)
        : this.#element(form, schema, value, depth + 1);
    }
    if (!form.isWrapped) return this.#items(name, schema, value, depth);
    const items = this.#items(form.name, schema, value, depth);
    return `<${form.name}${form.namespace}>${items}</${form.name}>`;
  }

  #items(name: string, schema: Node | null, values: readonly JsonValue[], depth: number): string {
    const items = rawChild(this.#follow(schema), "items");
    const form = this.#form(name, items);
    return values.map((value) => this.#element(form, items, value, depth + 1)).join("");
  }

  #element(form: Form, schema: Node | null, value: JsonValue, depth: number): string {
    if (depth > MAX_DEPTH) throw this.#unfit("it nests too deeply for XML");
    const attributes = this.#attributes(schema, value);
    const content = this.#content(schema, value, depth);
    const open = `${form.name}${form.namespace}${attributes}`;
    return content === "" ? `<${open}/>` : `<${open}>${content}</${form.name}>`;
  }

  #content(schema: Node | null, value: JsonValue, depth: number): string {
    if (value === null) return "";
    if (isScalar(value)) return this.#text(value);
    if (Array.isArray(value)) return this.#items("item", schema, value, depth);
    return this.#ordered(schema, value as JsonObject)
      .map(([name, member, part]) => this.#member(name, part, member, depth)).join("");
  }

  #attributes(schema: Node | null, value: JsonValue): string {
    if (isScalar(value) || Array.isArray(value)) return "";
    return this.#ordered(schema, value as JsonObject).map(([name, member, part]) => {
      const form = this.#form(name, part);
      if (form.node !== "attribute" || member === null) return "";
      return `${form.namespace} ${form.name}="${this.#escaped(scalarText(member), true)}"`;
    }).join("");
  }

  /** Members with their schemas: those of the schema in its order, then the others. */
  #ordered(schema: Node | null, value: JsonObject): [string, JsonValue, Node | null][] {
    const known = this.#properties(schema);
    const names = [...known.keys()].filter((name) => Object.hasOwn(value, name));
    const others = Object.keys(value).filter((name) => !known.has(name));
    return [...names, ...others].map((name) => [name, value[name]!, known.get(name) ?? null]);
  }

  #properties(schema: Node | null, depth = 0): Map<string, Node> {
    const node = this.#follow(schema);
    if (node === null || depth > MAX_DEPTH) return new Map();
    const inherited = itemsAt(node, "allOf")
      .flatMap((part) => [...this.#properties(part, depth + 1)]);
    return new Map([...inherited, ...this.#references.members(rawChild(node, "properties"))]);
  }

  #follow(schema: Node | null): Node | null {
    return schema === null ? null : this.#references.follow(schema);
  }

  /** `xml` beside a reference counts before that of its target (3.1). */
  #form(fallback: string, schema: Node | null): Form {
    const target = rawChild(this.#follow(schema), "xml");
    const beside = rawChild(schema, "xml");
    const text = (key: string) => textAt(beside, key) ?? textAt(target, key);
    const flag = (key: string) => booleanAt(beside, key) ?? booleanAt(target, key) === true;
    const type = textAt(this.#follow(schema), "type");
    const node = text("nodeType") ?? (flag("attribute") ? "attribute" : "element");
    // Of a list that is not wrapped the name is that of its items, and its own counts for nothing.
    const isWrapped = flag("wrapped") || type === "array" && text("nodeType") === "element";
    const name = type === "array" && !isWrapped ? fallback : text("name") ?? fallback;
    const prefix = text("prefix");
    const namespace = text("namespace");
    const full = prefix === null || name.includes(":") ? name : `${prefix}:${name}`;
    if (!NAME.test(full)) throw this.#unfit(`"${full}" is not a name that XML has`);
    return {
      name: full,
      namespace: namespace === null
        ? ""
        : ` xmlns${prefix === null ? "" : `:${prefix}`}="${this.#escaped(namespace, true)}"`,
      node: NODES.find((known) => known === node) ?? "element",
      isWrapped,
    };
  }

  #text(value: JsonValue): string {
    return this.#escaped(scalarText(value), false);
  }

  #escaped(text: string, isQuoted: boolean): string {
    if (!text.isWellFormed() || FORBIDDEN.test(text)) {
      throw this.#unfit("it has characters that XML cannot hold");
    }
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    if (!isQuoted) return escaped.replaceAll("\r", "&#13;");
    // An attribute's line ends and tabs would be read as blanks (XML 1.0 section 3.3.3).
    return escaped.replaceAll('"', "&quot;")
      .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
  }

  #cdata(value: JsonValue): string {
    const text = scalarText(value);
    if (!text.isWellFormed() || FORBIDDEN.test(text)) {
      throw this.#unfit("it has characters that XML cannot hold");
    }
    return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
  }

  #unfit(problem: string): AppError {
    return new AppError("USAGE", `The argument "${this.#argument}" is not valid: ${problem}`, {
      details: { argument: this.#argument },
    });
  }
}

const NODES = ["element", "attribute", "text", "cdata", "none"] as const;

/** True for a schema that says how XML is built of a value, rather than that it is a text. */
export function describesXml(references: References, schema: Node | null): boolean {
  if (schema === null) return false;
  const { value } = references.follow(schema);
  return isRecord(value) && value.type !== "string" &&
    ["type", "properties", "allOf", "items", "xml"].some((key) => Object.hasOwn(value, key));
}
