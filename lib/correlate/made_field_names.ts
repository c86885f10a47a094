/**
 * Names of form fields that a page makes anew with each load: ids of a component tree (`j_idt42:user`), names that
 * are to keep programs away. They are taken from the page by the field's place, as values are. That a name is of
 * that kind is told by its looks, or by another load of the page that calls the field otherwise.
 */
import { takeLocated } from "../codec/locators.ts";
import type { FieldAtLocator } from "../codec/locators/field_at.ts";
import type { Place } from "../codec/place.ts";
import { isMadeName } from "../http/opaque.ts";
import { fieldPath, isFormLeaf, type Leaf } from "./leaves.ts";
import type { Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";

/** What Jakarta Faces calls components that have no name: as the page is made up (`UIViewRoot.UNIQUE_ID_PREFIX`). */
const NUMBERED_COMPONENT = /(^|:)j_id/;

export class FieldNames {
  readonly #pages: Map<string, Message[]>;

  /** @param others recordings of the same app */
  constructor(private readonly recording: Recording, others: readonly Recording[]) {
    const pages = [recording, ...others].flatMap(({ messages }) =>
      messages.filter(({ page }) => page !== null && page.forms.length > 0)
    );
    this.#pages = Map.groupBy(pages, addressOf);
  }

  /**
   * Where the newest page before the message has the name of this field; `null` where the page calls it so each time.
   * @rule off: null
   */
  sourceOf(leaf: Leaf, message: Message): Source | null {
    if (!isFormLeaf(leaf)) return null;
    const name = fieldPath(leaf);
    const page = this.recording.messages.slice(0, message.index).findLast(({ page }) =>
      page?.forms.some(({ inputs }) => inputs.some((input) => input.name === name))
    );
    const locator = page === undefined ? null : this.#placeOf(page, name, "name");
    return page === undefined || locator === null
      ? null
      : { index: page.index, locator, openers: [] };
  }

  /** The place of a field's value that does not name the field, where its name is another in each load. */
  steady(index: number, place: Place): Place {
    const { locator } = place;
    if (locator.kind !== "form-field") return place;
    const steady = this.#placeOf(this.recording.at(index), locator.name, "value");
    return steady === null ? place : { ...place, locator: steady };
  }

  #placeOf(page: Message, name: string, part: FieldAtLocator["part"]): FieldAtLocator | null {
    for (const { locator, text } of page.named("field-at")) {
      if (locator.kind !== "field-at" || locator.part !== "name" || text !== name) continue;
      const isAnother = isMadeName(name) || NUMBERED_COMPONENT.test(name) ||
        this.#pages.get(addressOf(page))?.some((load) => isCalledOtherwise(locator, page, load));
      return isAnother ? { ...locator, part } : null;
    }
    return null;
  }
}

function addressOf({ method, url }: Message): string {
  return `${method} ${url.origin}${url.pathname}`;
}

/** The same form, by the types of its fields. */
function isCalledOtherwise(locator: FieldAtLocator, page: Message, load: Message): boolean {
  const types = ({ page }: Message) => page?.forms[locator.form]?.inputs.map(({ type }) => type);
  if (page.answer === null || load.answer === null) return false;
  return types(page)?.join() === types(load)?.join() &&
    takeLocated(locator, load.answer) !== takeLocated(locator, page.answer);
}
