/** What is to be explained where no login is made out, so that nothing says what is open. */
import { answerText } from "../../http/answer_text.ts";
import type { Trace } from "../../http/exchange.ts";
import { isOpaque } from "../../http/opaque.ts";

/** Shorter parts of a value stand in much by chance. In UTF-16 units. */
const MIN_PART = 6;

/** True for a value that was made, not said, and of which nobody typed a part and no answer holds one. */
export function isUnexplained(
  value: string,
  { traces, typed }: {
    readonly traces: readonly Trace[];
    readonly typed: readonly { readonly value: string }[];
  },
): boolean {
  if (!isOpaque(value) || typed.some((one) => value.includes(one.value))) return false;
  const parts = [value, ...value.split(/[^\w+/-]+/)].filter(({ length }) => length >= MIN_PART);
  return !traces.some(({ response }) => {
    const said = response === null ? "" : answerText(response);
    return parts.some((part) => said.includes(part));
  });
}
