import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { putInPage } from "../put_text.ts";

/** `<meta name|property=… content=…>`, the first of its name. */
export interface MetaLocator {
  readonly kind: "meta";
  readonly name: string;
}

export const meta: LocatorCodec<MetaLocator> = {
  readsBody: true,
  *find(answer) {
    const names = new Set(answer.isPage ? answer.page.metas.map(([name]) => name) : []);
    for (const name of names) yield [{ kind: "meta", name }, contentOf({ name }, answer)!];
  },
  take: contentOf,
  put: putInPage(contentOf),
  write: ({ name }, step) => `html_forms(${step}_text, ${step}.url).meta[${quote(name)}]`,
  describe: ({ name }) => `meta "${name}"`,
  name: ({ name }) => name,
  masked: (locator, mask) => ({ ...locator, name: mask.name(locator.name) }),
};

function contentOf({ name }: { readonly name: string }, { page }: AnswerView): string | undefined {
  return page.metas.find(([candidate]) => candidate === name)?.[1];
}
