import type { LocatorCodec } from "../codec.ts";
import { withText } from "../put_text.ts";

/** Longer bodies are documents, not values. In UTF-16 units. */
const MAX_LENGTH = 4096;

/** The whole body as text, trimmed. */
export const body: LocatorCodec<{ readonly kind: "body" }> = {
  readsBody: true,
  *find({ body, isPage }) {
    if (!isPage && body.kind === "text" && body.text.length <= MAX_LENGTH) {
      yield [{ kind: "body" }, body.text.trim()];
    }
  },
  take: (_, { response, text }) => response.body === null ? undefined : text.trim(),
  put: (_, answer, fresh) => withText(answer, fresh),
  write: (_, step) => `${step}_text.trim()`,
  describe: () => "body",
  name: () => "",
};
