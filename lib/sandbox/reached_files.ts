/** Which of the project's own files some modules are made of. */

/** A relative path behind `from` or `import`, as the formatter writes it. In a comment it names a file too many. */
const RELATIVE = /\b(?:from |import |import\()"(\.\.?\/[^"\n]{1,200})"/g;

/** `entries` and what they import of ours, by type or by value, now or later; sorted. */
export async function filesReachedBy(entries: readonly URL[]): Promise<URL[]> {
  const found = new Set(entries.map(({ href }) => href));
  for (const href of found) {
    if (!href.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(new URL(href));
    for (const [, path] of text.matchAll(RELATIVE)) found.add(new URL(path!, href).href);
  }
  return [...found].sort().map((href) => new URL(href));
}
