/** Functions that run in a page; each text stands by itself. */

// deno-lint-ignore-file no-explicit-any -- the page's types are not those of this program

/** The first visible element that a selector names, or null. */
export const FIND_ELEMENT = (function (selector: string): unknown {
  const doc = (globalThis as any).document;
  const said = (node: any) => (node.innerText ?? node.value ?? "").trim();
  const isVisible = (node: any) => node.getClientRects().length > 0;
  const all = (query: string): any[] => Array.from(doc.querySelectorAll(query));
  const [, kind, words] = /^(text|label)=(.*)$/.exec(selector) ?? [];
  if (kind === "text") {
    const nodes = all("a, button, input[type=submit], input[type=button], [role=button], summary");
    return nodes.find((node) => isVisible(node) && said(node) === words) ?? null;
  }
  if (kind === "label") {
    const label = all("label").find((node) => said(node) === words);
    const named = all("input, select, textarea").find((node) =>
      node.getAttribute("aria-label") === words || node.placeholder === words
    );
    return label?.control ?? named ?? null;
  }
  return all(selector).find(isVisible) ?? null;
}).toString();

/** What could be named on the page, as a step would: fields by id or name, links and buttons by what they say. */
export const NAME_ELEMENTS = (function (): string[] {
  const doc = (globalThis as any).document;
  const said = (node: any) => (node.innerText || node.value || "").trim();
  const isVisible = (node: any) => node.getClientRects().length > 0;
  const all = (query: string): any[] => Array.from(doc.querySelectorAll(query)).filter(isVisible);
  const fields = all("input:not([type=submit]):not([type=button]), select, textarea").map((node) =>
    node.id ? `#${node.id}` : node.name ? `[name=${node.name}]` : `[type=${node.type}]`
  );
  const words = all("a, button, input[type=submit], input[type=button], [role=button]").map(said);
  return [...fields, ...words.filter((text) => text !== "").map((text) => `text=${text}`)];
}).toString();

/** Chooses the option of a list by its value or by what it says. */
export const SELECT_OPTION = (function (this: any, wanted: string): void {
  const option = Array.from(this.options as any[]).find((one) =>
    one.value === wanted || one.text.trim() === wanted
  );
  if (option === undefined) return;
  this.value = option.value;
  this.dispatchEvent(new (globalThis as any).Event("input", { bubbles: true }));
  this.dispatchEvent(new (globalThis as any).Event("change", { bubbles: true }));
}).toString();
