import type { FormInput } from "../../http/html.ts";
import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { putInPage } from "../put_text.ts";

/** A form field's value. `form` is the index of the form in the page; `null`: the first that has it. */
export interface FormFieldLocator {
  readonly kind: "form-field";
  readonly form: number | null;
  readonly name: string;
}

export const formField: LocatorCodec<FormFieldLocator> = {
  readsBody: true,
  *find(answer) {
    if (!answer.isPage) return;
    const isMadeUp = answer.isMadeUp(answer.text);
    for (const [index, form] of answer.page.forms.entries()) {
      for (const { name, value } of firstOfName(form.inputs)) {
        yield [{ kind: "form-field", form: isMadeUp ? null : index, name }, value];
      }
    }
  },
  take: valueOf,
  put: putInPage(valueOf),
  write: ({ form, name }, step) =>
    `html_forms(${step}_text, ${step}.url)${
      form === null ? ".flatMap((form) => form.inputs)" : `[${form}]?.inputs`
    }.find((input) => input.name === ${quote(name)})?.value`,
  describe: ({ name }) => `form field "${name}"`,
  name: ({ name }) => name,
  masked: (locator, mask) => ({ ...locator, name: mask.name(locator.name) }),
};

function valueOf({ form, name }: FormFieldLocator, { page }: AnswerView): string | undefined {
  return page.forms.filter((_, index) => form === null || index === form)
    .flatMap(({ inputs }) => inputs).find((input) => input.name === name)?.value;
}

/** A locator names the first field of a name, so only that one may be offered. */
function firstOfName(inputs: readonly FormInput[]): FormInput[] {
  const seen = new Set<string>();
  return inputs.filter((input) => !seen.has(input.name) && seen.add(input.name));
}
