/** Expressions, extractions and templates of a flow as TypeScript text. */
import { key, quote, type Uses, type Written } from "../codec/code.ts";
import { transformCodec } from "../codec/transforms.ts";
import { nameOf } from "../correlate/expr_walk.ts";
import type { Expr, JsonTemplate } from "../correlate/flow.ts";

/** The expression as code that yields a string; may contain `await`. */
export function exprCode(expr: Expr, uses: Uses): string {
  const { code, yields } = written(expr, uses);
  if (yields === "bytes") {
    throw new Error("A request carries text, and the expression yields bytes");
  }
  return code;
}

function written(expr: Expr, uses: Uses): Written {
  switch (expr.kind) {
    case "constant":
      return { code: quote(expr.value), yields: "text" };
    case "input":
    case "extracted":
    case "generated":
      return { code: nameOf(expr)!, yields: "text" };
    case "refresh-token":
      return { code: "current_refresh_token", yields: "text" };
    case "concat":
      return joined(expr.parts, uses);
    case "transform": {
      const { yields, write, numbers } = transformCodec(expr.op);
      const args = expr.args.map((arg, index) =>
        numbers.includes(index) ? numberCode(arg, uses) : written(arg, uses)
      );
      return { code: write(args, uses), yields };
    }
    case "call": {
      const args = expr.args.map((arg) => written(arg, uses).code);
      return { code: `await ${expr.function}(${args.join(", ")})`, yields: expr.yields };
    }
  }
}

/** A position or a length: a number where it is constant. */
function numberCode(arg: Expr, uses: Uses): Written {
  return arg.kind === "constant" && /^-?\d+$/.test(arg.value)
    ? { code: arg.value, yields: "text" }
    : { code: `Number(${written(arg, uses).code})`, yields: "text" };
}

/** Texts in a template string; with bytes among them, bytes. */
function joined(parts: readonly Expr[], uses: Uses): Written {
  const codes = parts.map((part) => written(part, uses));
  if (codes.some(({ yields }) => yields === "bytes")) {
    return { code: uses.call("join_bytes", ...codes.map(({ code }) => code)), yields: "bytes" };
  }
  const texts = parts.map((part, index) =>
    part.kind === "constant" ? templateText(part.value) : `\${${codes[index]!.code}}`
  );
  return { code: `\`${texts.join("")}\``, yields: "text" };
}

/** A dollar at the end would make a placeholder of a brace that follows. */
function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`")
    .replaceAll(/\$(?=\{|$)/g, "\\$");
}

/** Members of an object literal, a line each. */
export function memberLines(
  members: readonly (readonly [name: string, value: Expr])[],
  uses: Uses,
): string[] {
  return members.map(([name, expr]) => `    ${key(name)}: ${exprCode(expr, uses)},`);
}

/** A JSON template as an object literal. */
export function jsonCode(template: JsonTemplate, indent: string, uses: Uses): string {
  const inner = `${indent}  `;
  switch (template.kind) {
    case "literal":
      return JSON.stringify(template.value);
    case "expr":
      if (template.as === "string") return exprCode(template.expr, uses);
      // What a page makes a number of may begin with zeros, as a code does; JSON has none such (RFC 8259 section 6).
      return `${template.as === "number" ? "Number" : "JSON.parse"}(${
        exprCode(template.expr, uses)
      })`;
    case "object": {
      const members = template.entries.map(([name, item]) =>
        `${inner}${key(name)}: ${jsonCode(item, inner, uses)},\n`
      );
      return members.length === 0 ? "{}" : `{\n${members.join("")}${indent}}`;
    }
    case "array":
      return `[${template.items.map((item) => jsonCode(item, indent, uses)).join(", ")}]`;
  }
}
