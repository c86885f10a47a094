/** The regular expressions that stand in the sources, as `/pattern/flags`. */
import { parse, type Token as PlainToken } from "acorn";
import { transformSync } from "amaro";

/** A token with what it holds, which the types of acorn leave out. */
interface Token extends PlainToken {
  readonly value: { readonly pattern: unknown; readonly flags: unknown };
}

export interface FoundPattern {
  readonly text: string;
  readonly source: string;
  readonly flags: string;
  /** A file in which it stands. */
  readonly file: string;
}

/** Each once, sorted. Those that are put together at run time are not among them. */
export function patternsIn(folder: string): FoundPattern[] {
  const found = new Map<string, FoundPattern>();
  for (const file of sourcesIn(folder)) {
    for (const { source, flags } of patternsOf(Deno.readTextFileSync(file))) {
      const text = `/${source}/${flags}`;
      found.set(text, { text, source, flags, file });
    }
  }
  return [...found.values()].sort((a, b) => a.text < b.text ? -1 : 1);
}

function* sourcesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* sourcesIn(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

function patternsOf(typescript: string): { source: string; flags: string }[] {
  const { code } = transformSync(typescript, { mode: "transform" });
  const tokens: Token[] = [];
  parse(code, { ecmaVersion: "latest", sourceType: "module", onToken: tokens });
  return tokens.filter(({ type }) => type.label === "regexp").map(({ value }) => ({
    source: String(value.pattern),
    flags: String(value.flags),
  }));
}
