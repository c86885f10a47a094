/** What the code of a script writes down, for whoever looks for recorded values in it; not its comments and types. */
import type { Node } from "acorn";
import { nodesOf, parseScript } from "./static_checks.ts";
import { stripTypes } from "./strip_types.ts";

/** A text, or a fixed part of a template; names of members between quotes are among them. */
export interface WrittenText {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface WrittenValues {
  /** In their order. */
  readonly texts: readonly WrittenText[];
  /** Whole numbers as their digits. Shorter ones are lengths and positions. */
  readonly numbers: ReadonlySet<string>;
}

const NUMBER = /^\d[\d_]{3,30}$/;

/** @throws {AppError} `SCRIPT_REFUSED`, as `prepareScript()`. */
export function writtenValues(source: string, fileName: string): WrittenValues {
  const nodes = [...nodesOf(parseScript(stripTypes(source, fileName), fileName))]
    .sort((a, b) => a.start - b.start);
  const texts = nodes.flatMap((node) => {
    const text = textOf(node);
    return text === undefined || text === "" ? [] : [{ text, line: node.loc!.start.line }];
  });
  const numbers = nodes.flatMap((node) =>
    "raw" in node && NUMBER.test(String(node.raw)) ? [String(node.raw).replaceAll("_", "")] : []
  );
  return { texts, numbers: new Set(numbers) };
}

/** With its escapes read; a tag function may see a part of a template that has none to read. */
function textOf(node: Node): string | undefined {
  if (!("value" in node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateElement") return undefined;
  const { cooked, raw } = node.value as { cooked?: string | null; raw: string };
  return cooked ?? raw;
}
