/**
 * Functions that run in a page, as texts. They are no functions of this program turned into texts: a bundler
 * puts calls of its own helpers into those, and a page has none of them.
 */

/** The first visible element that a selector names, or null. */
export const FIND_ELEMENT = String.raw`function (selector) {
  const doc = globalThis.document;
  const said = (node) => (node.innerText ?? node.value ?? "").trim();
  const isVisible = (node) => node.getClientRects().length > 0;
  const all = (query) => Array.from(doc.querySelectorAll(query));
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
}`;

/** What could be named on the page, as a step would: fields by id or name, links and buttons by what they say. */
export const NAME_ELEMENTS = String.raw`function () {
  const doc = globalThis.document;
  const said = (node) => (node.innerText || node.value || "").trim();
  const isVisible = (node) => node.getClientRects().length > 0;
  const all = (query) => Array.from(doc.querySelectorAll(query)).filter(isVisible);
  const nameOf = (node) =>
    node.id ? "#" + node.id : node.name ? "[name=" + node.name + "]" : "[type=" + node.type + "]";
  const fields = all("input:not([type=submit]):not([type=button]), select, textarea").map(nameOf);
  const words = all("a, button, input[type=submit], input[type=button], [role=button]").map(said);
  return [...fields, ...words.filter((text) => text !== "").map((text) => "text=" + text)];
}`;

/** Chooses the option of a list by its value or by what it says. */
export const SELECT_OPTION = String.raw`function (wanted) {
  const option = Array.from(this.options).find((one) =>
    one.value === wanted || one.text.trim() === wanted
  );
  if (option === undefined) return;
  this.value = option.value;
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
}`;

/** Gives a field the focus and selects what it holds; says whether it has the focus, and the page is read. */
export const FOCUS_FIELD = String.raw`function () {
  this.focus();
  this.select?.();
  const root = this.getRootNode();
  return root.activeElement === this && document.readyState !== "loading";
}`;
