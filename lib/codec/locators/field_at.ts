import type { FormInput } from "../../http/html.ts";
import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { putInPage } from "../put_text.ts";

/** A field by its place among those of its type in a form, for pages that call it otherwise in each load. */
export interface FieldAtLocator {
  readonly kind: "field-at";
  /** Index of the form in the page. */
  readonly form: number;
  readonly type: string;
  /** Among the fields of this type, from 0. */
  readonly nth: number;
  readonly part: "name" | "value";
}

export const fieldAt: LocatorCodec<FieldAtLocator> = {
  readsBody: true,
  *find(answer) {
    if (!answer.isPage || answer.isMadeUp(answer.text)) return;
    for (const [form, { inputs }] of answer.page.forms.entries()) {
      const seen = new Map<string, number>();
      for (const input of inputs) {
        const { type } = input;
        const nth = seen.get(type) ?? 0;
        seen.set(type, nth + 1);
        for (const part of ["name", "value"] as const) {
          yield [{ kind: "field-at", form, type, nth, part }, input[part]];
        }
      }
    }
  },
  take: textOf,
  put: putInPage(textOf),
  write: ({ form, type, nth, part }, step) =>
    `html_forms(${step}_text, ${step}.url)[${form}]?.inputs` +
    `.filter((input) => input.type === ${quote(type)})[${nth}]?.${part}`,
  describe: ({ type, nth, part }) => `${part} of the ${type} field ${nth + 1}`,
  name: () => "",
};

function textOf({ part, ...place }: FieldAtLocator, answer: AnswerView): string | undefined {
  return fieldOf(place, answer)?.[part];
}

function fieldOf(
  { form, type, nth }: Omit<FieldAtLocator, "part">,
  { page }: AnswerView,
): FormInput | undefined {
  return page.forms[form]?.inputs.filter((input) => input.type === type)[nth];
}
