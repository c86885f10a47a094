import { elementAttribute } from "../../http/html.ts";
import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { putInPage } from "../put_text.ts";

/** An attribute of the first element that has this id, or of the first element of this tag name. */
export interface AttributeLocator {
  readonly kind: "attribute";
  /** `#id` or a tag name. */
  readonly selector: string;
  readonly attribute: string;
}

export const attribute: LocatorCodec<AttributeLocator> = {
  readsBody: true,
  *find(answer) {
    const selectors = new Set<string>();
    for (const { tag, attributes } of answer.isPage ? answer.page.elements : []) {
      const id = attributes["id"];
      const selector = id === undefined ? tag : `#${id}`;
      const isFirst = !selectors.has(selector) && (id !== undefined || !selectors.has(tag));
      selectors.add(tag).add(selector);
      if (!isFirst) continue;
      for (const [attribute, text] of Object.entries(attributes)) {
        if (!/^(id|class|style)$/.test(attribute)) {
          yield [{ kind: "attribute", selector, attribute }, text];
        }
      }
    }
  },
  take: valueOf,
  put: putInPage(valueOf),
  write: ({ selector, attribute }, step) =>
    `html_forms(${step}_text, ${step}.url).attribute(${quote(selector)}, ${quote(attribute)})`,
  describe: ({ selector, attribute }) => `attribute "${attribute}" of ${selector}`,
  name: ({ attribute }) => attribute,
  masked: (locator, mask) => ({
    ...locator,
    selector: mask.text(locator.selector),
    attribute: mask.name(locator.attribute),
  }),
};

function valueOf({ selector, attribute }: AttributeLocator, { page }: AnswerView) {
  return elementAttribute(page, selector, attribute);
}
