/**
 * What a login's answers hand out, where the app's requests carry it as a credential. In such a place
 * equality with the answer decides, not looks: a session may be called `7` or `harbour`, a token may be all
 * upper case. Elsewhere a short value says nothing by being equal.
 *
 * A client sends the value as it is, behind a scheme (RFC 9110 section 11.4), in base64 (alone or in a pair,
 * RFC 7617), or inside JSON that a page's script keeps in a cookie.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import { explained, type Explanation } from "./explanation.ts";
import { concat, isOfAnswer } from "./expr.ts";
import { IssuedText } from "./issued_text.ts";
import { isCommonWord, type Issued, issuedBy } from "./issued_values.ts";
import type { KnownValues } from "./known_values.ts";
import { isCredentialPlace, type Leaf } from "./leaves.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Message, Recording } from "./recording.ts";

/** Answers of a login beyond this many values are documents. */
const MAX_VALUES = 500;

export class IssuedCredentials {
  readonly #issued = new Map<string, Issued>();
  /** What requests up to the login carry, and the first of them. */
  readonly #sent = new Map<string, number>();

  constructor(recording: Recording, private readonly span: LoginSpan) {
    if (span.last < 0) return;
    for (const { index, leaves } of recording.messages.slice(0, span.last + 1)) {
      for (const { value } of leaves) {
        if (!this.#sent.has(value)) this.#sent.set(value, index);
      }
    }
    for (const message of recording.messages.slice(span.first, span.end + 1)) {
      if (message.isClientCode || !message.succeeded) continue;
      for (const [value, issued] of issuedBy(message)) {
        // What the client said itself comes back as an echo.
        if (this.#issued.size >= MAX_VALUES || isCommonWord(value) || this.#sent.has(value)) {
          continue;
        }
        const first = this.#issued.get(value);
        this.#issued.set(value, first === undefined ? issued : { ...first, isRepeated: true });
      }
    }
  }

  /**
   * True for a credential that a login's answer holds, as the request carries it or inside of it.
   * @rule off: false
   */
  holds(message: Message, leaf: Leaf): boolean {
    return this.#explained(message, leaf, null) !== null;
  }

  /** How a credential comes to be; `null` where no answer of the login says so. */
  explain(message: Message, leaf: Leaf, known: KnownValues): Explanation | null {
    return this.#explained(message, leaf, known);
  }

  #explained(message: Message, leaf: Leaf, known: KnownValues | null): Explanation | null {
    if (this.#issued.size === 0 || message.index <= this.span.first || !isCredentialPlace(leaf)) {
      return null;
    }
    const sentAt = this.#sent.get(leaf.value) ?? message.index;
    const found = new IssuedText(this.#issued, { index: message.index, sentAt }, leaf, known);
    const { prefix, credentials } = leaf.place.kind === "header"
      ? splitScheme(leaf.value)
      : { prefix: "", credentials: leaf.value };
    const expr = found.of(credentials);
    return expr === null || !isOfAnswer(expr) ? null : explained(concat([prefix, expr]));
  }
}
