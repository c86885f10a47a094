import { formActionUrl } from "../../http/html.ts";
import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { putInPage } from "../put_text.ts";

/** A form's action, made absolute. */
export interface FormActionLocator {
  readonly kind: "form-action";
  readonly form: number;
}

export const formAction: LocatorCodec<FormActionLocator> = {
  readsBody: true,
  *find(answer) {
    if (!answer.isPage) return;
    for (const [index, form] of answer.page.forms.entries()) {
      const url = formActionUrl(answer.page, form, answer.url);
      yield [{ kind: "form-action", form: index }, url];
    }
  },
  take: actionOf,
  /** Taken absolute, written relative. */
  put: putInPage(actionOf, ({ form }, { page }) => page.forms[form]?.action),
  write: ({ form }, step) => `html_forms(${step}_text, ${step}.url)[${form}]?.action`,
  describe: () => "form action",
  name: () => "form_action",
};

function actionOf({ form }: FormActionLocator, { page, url }: AnswerView): string | undefined {
  const found = page.forms[form];
  return found === undefined ? undefined : formActionUrl(page, found, url);
}
