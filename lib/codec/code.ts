/** Pieces of TypeScript: how a codec writes itself into a script. */

/** A small function that a generated script brings along, because a script imports nothing. */
export interface Snippet {
  readonly name: string;
  readonly source: string;
}

export function snippetOf(source: string): Snippet {
  const from = source.indexOf("function ") + "function ".length;
  return { name: source.slice(from, source.indexOf("(", from)), source };
}

/** What the code uses: snippets to write into the script. */
export class Uses {
  readonly snippets = new Set<string>();

  call(name: string, ...args: readonly string[]): string {
    this.snippets.add(name);
    return `${name}(${args.join(", ")})`;
  }
}

/** Code of an argument, and what it yields. */
export interface Written {
  readonly code: string;
  readonly yields: "text" | "bytes";
}

/** Code whose methods can be called: `await` binds less than that. */
export function receiver(code: string): string {
  return code.startsWith("await ") ? `(${code})` : code;
}

export function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A property name, quoted only where needed. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
