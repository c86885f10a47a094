/** Long header values that a script repeats (a browser's `Accept`) are named once. */
const HEADER = /^( +)("?[A-Za-z-]+"?): ("(?:[^"\\]|\\.){40,}"),$/gm;

export function sharedTexts(code: string): { constants: string; code: string } {
  const counts = new Map<string, { name: string; count: number }>();
  for (const [, , header = "", text = ""] of code.matchAll(HEADER)) {
    const name = header.replaceAll('"', "").toUpperCase().replaceAll("-", "_");
    const held = counts.get(text);
    if (held === undefined) counts.set(text, { name, count: 1 });
    else held.count++;
  }
  const named = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const [text, { name, count }] of counts) {
    if (count < 2) continue;
    const number = (taken.get(name) ?? 0) + 1;
    taken.set(name, number);
    named.set(text, number === 1 ? name : `${name}_${number}`);
  }
  return {
    constants: [...named].map(([text, name]) => `const ${name} = ${text};`).join("\n"),
    code: code.replace(HEADER, (line, indent: string, header: string, text: string) => {
      const name = named.get(text);
      return name === undefined ? line : `${indent}${header}: ${name},`;
    }),
  };
}
