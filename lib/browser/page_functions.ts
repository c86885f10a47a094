/**
 * Functions that run in a page, as text: what a bundler makes of a function of this program may call helpers that no
 * page has. Elements in open shadow trees (DOM standard section 4.8) are found like any others.
 */

/** All that a selector names in the document and in open shadow trees: `all(selector)`. */
const ALL = `
  const roots = (root) => [
    root,
    ...Array.from(root.querySelectorAll("*")).flatMap((node) => node.shadowRoot ? roots(node.shadowRoot) : []),
  ];
  const all = (query) => roots(document).flatMap((root) => Array.from(root.querySelectorAll(query)));
  const said = (node) => (node.innerText || node.value || "").trim();
  const isVisible = (node) => node.getClientRects().length > 0;`;

const CLICKABLE = "a, button, input[type=submit], input[type=button], [role=button]";

/**
 * The first visible element that a selector names, or null. A text names what can be clicked, else whatever says that
 * and nothing more.
 */
export const FIND_ELEMENT = `function (selector) {${ALL}
  const [, kind, words] = /^(text|label)=(.*)$/.exec(selector) ?? [];
  if (kind === "text") {
    const holds = (node) => node.textContent.trim() === words;
    return all("${CLICKABLE}, summary").find((node) => isVisible(node) && said(node) === words) ??
      all("body *").find((node) => holds(node) && isVisible(node) && !Array.from(node.children).some(holds)) ?? null;
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
export const NAME_ELEMENTS = `function () {${ALL}
  const fields = all("input:not([type=submit]):not([type=button]), select, textarea").filter(isVisible)
    .map((node) => node.id ? "#" + node.id : node.name ? "[name=" + node.name + "]" : "[type=" + node.type + "]");
  const words = all("${CLICKABLE}").filter(isVisible).map(said);
  return [...fields, ...words.filter((text) => text !== "").map((text) => "text=" + text)];
}`;

/** Chooses the option of a list by its value or by what it says; false where there is none. */
export const SELECT_OPTION = `function (wanted) {
  const option = Array.from(this.options ?? []).find((one) => one.value === wanted || one.text.trim() === wanted);
  if (option === undefined) return false;
  this.value = option.value;
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}`;

/** Gives a field the focus and selects what it holds; says whether it has the focus, and the page is read. */
export const FOCUS_FIELD = `function () {
  this.focus();
  this.select?.();
  return this.getRootNode().activeElement === this && document.readyState !== "loading";
}`;
