/** Openers of one shape: the whole text is another one, written so that it may stand where it stands. */
import type { OpenerCodec } from "../codec.ts";

interface Decoding {
  /** Whether a text is worth decoding where a value is looked for. */
  readonly mayBe: (text: string) => boolean;
  readonly decode: (text: string) => string | undefined;
  /** The fresh text, written as the old one is; `undefined` for what cannot be. */
  readonly encode: (fresh: string, old: string) => string | undefined;
  /** Code of what `decode` yields, or the snippet that is called with the text. */
  readonly write: string | ((text: string) => string);
  readonly snippets?: readonly string[];
}

export function decoding<const K extends string>(
  kind: K,
  { mayBe, decode, encode, write, ...rest }: Decoding,
): OpenerCodec<{ readonly kind: K }> {
  return {
    ...rest,
    *find(text) {
      const decoded = mayBe(text) ? decode(text) : undefined;
      if (decoded !== undefined && decoded !== "" && decoded !== text) yield [{ kind }, decoded];
    },
    take: (_, text) => decode(text),
    put: (_, text, fresh) => encode(fresh, text),
    write: (_, text, uses) => typeof write === "string" ? uses.call(write, text) : write(text),
    describe: () => kind,
  };
}
