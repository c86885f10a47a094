/** The regular expressions of the sources, as `/pattern/flags`: written out, or put together as a module is loaded. */
import { parse, type Token as PlainToken } from "acorn";
// Before amaro: it looks on while that is loaded, for `lib/` too.
import "../lib/script/amaro_state.ts";
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

/** Each that is written out, once, sorted. */
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

/** A place at which one is put together: `new RegExp(…)`. */
export interface BuildingPlace {
  readonly file: string;
  /** True where it runs whenever a function is called, and not once, as the module is loaded. */
  readonly isInFunction: boolean;
}

export function buildingPlaces(folder: string): BuildingPlace[] {
  return [...sourcesIn(folder)].flatMap((file) => {
    const text = Deno.readTextFileSync(file);
    if (!text.includes("RegExp(")) return [];
    const { code } = transformSync(text, { mode: "transform" });
    return placesIn(parse(code, { ecmaVersion: "latest", sourceType: "module" }), false)
      .map((isInFunction) => ({ file, isInFunction }));
  });
}

/** For each place whether a function is around it. */
function placesIn(node: unknown, isInFunction: boolean): boolean[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item) => placesIn(item, isInFunction));
  const { type, callee } = node as { type?: string; callee?: { name?: string } };
  const isBuilding = /^(?:New|Call)Expression$/.test(type ?? "") && callee?.name === "RegExp";
  const isInner = isInFunction || /Function|MethodDefinition/.test(type ?? "");
  return [
    ...isBuilding ? [isInFunction] : [],
    ...Object.values(node).flatMap((child) => placesIn(child, isInner)),
  ];
}

/** Modules that are loaded within a sandbox alone: they have to write their patterns out. */
export const SANDBOXED = "/sandbox/guest/";

/** Those that the modules of these places put together as they are loaded, for the first time in this process. */
export async function loadedPatterns(folder: string): Promise<FoundPattern[]> {
  const found = new Map<string, FoundPattern>();
  const { RegExp: original } = globalThis;
  globalThis.RegExp = new Proxy(original, {
    construct(target, args, self) {
      const made = Reflect.construct(target, args, self) as RegExp;
      const file = /file:\/\/([^\n]+?):\d+:\d+/.exec(new Error().stack!.split("\n")[2] ?? "")?.[1];
      if (file?.startsWith(folder)) {
        const { source, flags } = made;
        const text = `/${source}/${flags}`;
        found.set(text, { text, source, flags, file });
      }
      return made;
    },
  });
  try {
    const files = new Set(buildingPlaces(folder).map((place) => place.file));
    for (const file of files) if (!file.includes(SANDBOXED)) await import(`file://${file}`);
  } finally {
    globalThis.RegExp = original;
  }
  return [...found.values()].sort((a, b) => a.text < b.text ? -1 : 1);
}
