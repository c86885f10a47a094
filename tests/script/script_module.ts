/** Generated code run outside the sandbox: as a module from a `data:` URL. */
import { html_forms } from "../../lib/sandbox/guest/html_forms.ts";
import { SNIPPETS, withNeeds } from "../../lib/script/snippets.ts";

/** The exports of a TypeScript module that has the injected globals which snippets use. */
export async function moduleOf(
  source: string,
): Promise<Record<string, (...args: never[]) => unknown>> {
  Object.assign(globalThis, { html_forms });
  const text = `const debug = () => {};\n${source}`;
  const bytes = new TextEncoder().encode(text);
  return await import(`data:application/typescript;base64,${bytes.toBase64()}`);
}

/** Every snippet by its name. */
export async function snippets(): Promise<Record<string, (...args: never[]) => unknown>> {
  const names = SNIPPETS.map(({ name }) => name);
  const code = withNeeds(new Set(names)).map(({ source }) => source).join("\n\n");
  return await moduleOf(`${code}\nexport { ${names.join(", ")} };`);
}
