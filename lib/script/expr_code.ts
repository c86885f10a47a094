/** Expressions, extractions and templates of a flow as TypeScript text. */
import type { Expr, Extraction, JsonTemplate, Locator, Opener } from "../correlate/flow.ts";

/** What the code uses: snippets to write into the script. */
export class Uses {
  readonly snippets = new Set<string>();

  call(name: string, ...args: readonly string[]): string {
    this.snippets.add(name);
    return `${name}(${args.join(", ")})`;
  }
}

export function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A property name, quoted only where needed. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** The expression as code that yields a string; may contain `await`. */
export function exprCode(expr: Expr, uses: Uses): string {
  switch (expr.kind) {
    case "constant":
      return quote(expr.value);
    case "input":
      return expr.input;
    case "extracted":
      return expr.extraction;
    case "generated":
      return expr.generated;
    case "refresh-token":
      return "current_refresh_token";
    case "concat":
      return `\`${
        expr.parts.map((part) =>
          part.kind === "constant" ? templateText(part.value) : `\${${exprCode(part, uses)}}`
        ).join("")
      }\``;
    case "transform":
      return transformCode(expr, uses);
  }
}

/** A dollar at the end would make a placeholder of a brace that follows. */
function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`")
    .replaceAll(/\$(?=\{|$)/g, "\\$");
}

const WEB_CRYPTO_NAMES: Readonly<Record<string, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
};

function transformCode(expr: Extract<Expr, { kind: "transform" }>, uses: Uses): string {
  const args = expr.args.map((arg) => exprCode(arg, uses));
  const [first = '""'] = args;
  switch (expr.op) {
    case "base64":
    case "base64url":
      return uses.call(expr.op, first);
    case "base64-decode":
      return uses.call("base64_decode", first);
    case "url-encode":
      return `encodeURIComponent(${first})`;
    case "url-decode":
      return `decodeURIComponent(${first})`;
    case "form-encode":
      return `new URLSearchParams([["", ${first}]]).toString().slice(1)`;
    case "json-escape":
      return uses.call("escape_json", first);
    case "xml-escape":
      return uses.call("escape_xml", first);
    case "lower":
      return `(${first}).toLowerCase()`;
    case "upper":
      return `(${first}).toUpperCase()`;
    case "pkce-s256":
      return `await ${uses.call("pkce_challenge", first)}`;
    default:
      return digestCode(expr.op, args, uses);
  }
}

function digestCode(op: string, args: readonly string[], uses: Uses): string {
  const [algorithm = "", encoding = "hex"] = op.replace("hmac-", "").split("-");
  if (op.startsWith("hmac-")) {
    const hash = quote(WEB_CRYPTO_NAMES[algorithm]!);
    return `await ${uses.call("hmac", hash, ...args, quote(encoding))}`;
  }
  if (algorithm === "md5") return uses.call("md5", ...args, quote(encoding));
  const hash = quote(WEB_CRYPTO_NAMES[algorithm]!);
  return `await ${uses.call("digest", hash, ...args, quote(encoding))}`;
}

/** The extraction as code over the variables of its step. */
export function extractionCode(extraction: Extraction, step: string, uses: Uses): string {
  const located = locatorCode(extraction.locator, step, uses);
  return extraction.openers.reduce((code, opener) => openerCode(opener, code, uses), located);
}

/** Locators that read the body need its text; the others the response alone. */
export function readsBody(locator: Locator): boolean {
  return !["cookie", "header", "location", "location-param"].includes(locator.kind);
}

function locatorCode(locator: Locator, step: string, uses: Uses): string {
  const text = `${step}_text`;
  const forms = `html_forms(${text}, ${step}.url)`;
  switch (locator.kind) {
    case "cookie":
      return uses.call("set_cookie_value", step, quote(locator.name));
    case "header":
      return `${step}.headers.get(${quote(locator.name)})`;
    case "location":
      return uses.call("location_of", step);
    case "location-param":
      return uses.call(
        locator.part === "query" ? "query_param" : "fragment_param",
        uses.call("location_of", step),
        quote(locator.name),
      );
    case "json":
      return uses.call("at", text, ...locator.path.map((part) => JSON.stringify(part)));
    case "form-field":
      return `${forms}${
        locator.form === null ? ".flatMap((form) => form.inputs)" : `[${locator.form}]?.inputs`
      }.find((input) => input.name === ${quote(locator.name)})?.value`;
    case "form-action":
      return `${forms}[${locator.form}]?.action`;
    case "meta":
      return `${forms}.meta[${quote(locator.name)}]`;
    case "attribute":
      return `${forms}.attribute(${quote(locator.selector)}, ${quote(locator.attribute)})`;
    case "between":
      return uses.call("between", text, quote(locator.before), quote(locator.after));
    case "body":
      return `${text}.trim()`;
  }
}

function openerCode(opener: Opener, code: string, uses: Uses): string {
  const text = `${code} ?? ""`;
  switch (opener.kind) {
    case "url-decode":
      return `decodeURIComponent(${text})`;
    case "base64-decode":
      return uses.call("base64_decode", text);
    case "html-unescape":
      return uses.call("unescape_html", text);
    case "json-unescape":
      return `JSON.parse(\`"\${${text}}"\`)`;
    case "jwt-payload":
      return uses.call("jwt_payload", text);
    case "json":
      return uses.call("at", text, ...opener.path.map((part) => JSON.stringify(part)));
    case "param":
      return uses.call("param_in", text, quote(opener.name));
    case "strip":
      return uses.call("strip", text, quote(opener.prefix), quote(opener.suffix));
  }
}

/** A JSON template as an object literal. */
export function jsonCode(template: JsonTemplate, indent: string, uses: Uses): string {
  const inner = `${indent}  `;
  switch (template.kind) {
    case "literal":
      return JSON.stringify(template.value);
    case "expr":
      return template.as === "string"
        ? exprCode(template.expr, uses)
        : `JSON.parse(${exprCode(template.expr, uses)})`;
    case "object":
      if (template.entries.length === 0) return "{}";
      return `{\n${
        template.entries.map(([name, item]) =>
          `${inner}${key(name)}: ${jsonCode(item, inner, uses)},\n`
        ).join("")
      }${indent}}`;
    case "array":
      return `[${template.items.map((item) => jsonCode(item, indent, uses)).join(", ")}]`;
  }
}
