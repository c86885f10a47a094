import type { OpenerCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { PARAMETER_SNIPPETS, parametersOf, putParameter } from "../parameters.ts";

/** A parameter of a URL or a form-encoded text. */
export const param: OpenerCodec<{ readonly kind: "param"; readonly name: string }> = {
  *find(text) {
    if (!text.includes("=") || /[\s<>"{}]/.test(text)) return;
    for (const [name, value] of parametersOf(text)) {
      if (name !== "") yield [{ kind: "param", name }, value];
    }
  },
  take: ({ name }, text) => parametersOf(text).get(name),
  put: ({ name }, text, fresh) => putParameter(text, name, fresh),
  write: ({ name }, text, uses) => uses.call("param_in", text, quote(name)),
  describe: () => "param",
  masked: (opener, mask) => ({ ...opener, name: mask.name(opener.name) }),
  snippets: PARAMETER_SNIPPETS,
};
