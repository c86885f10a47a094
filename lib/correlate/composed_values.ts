/**
 * Values that are put together from others: what was typed inside a text, encodings, texts around known
 * values. A signed value is never put together anew, and stays a piece of its own inside a text.
 */
import { base64Kind, base64Text, isOpaque } from "../http/opaque.ts";
import { explained, type Explanation, type ValueExplainer } from "./explanation.ts";
import { segmentParameters } from "../http/url.ts";
import { applied, asExpr, concat, isConstant, isOfAnswer } from "./expr.ts";
import type { Expr } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { isSigned, SIGNED_IN_TEXT } from "./signed_value.ts";
import { composedOf } from "./opened_leaf.ts";
import type { TypedValue } from "./typed_value.ts";

export class ComposedValues {
  readonly #explainer: ValueExplainer;

  constructor(explainer: ValueExplainer) {
    this.#explainer = explainer;
  }

  /** What was typed inside the leaf; what stands around it is explained piece by piece. */
  ofTypedParts(parts: readonly TypedValue[], message: Message, leaf: Leaf): Explanation {
    const inputOf = (typed: TypedValue) => this.#explainer.known.input(typed);
    const { pieces, around } = composedOf(leaf.value, parts, inputOf);
    // In a document the delimiters tell what was typed: a member may be called like its value.
    const isDocument = parts.some(({ part }) => part?.escape !== null);
    const cut = pieces.flatMap((piece) =>
      typeof piece === "string" && !isDocument
        ? this.#explainer.places.split(piece, message, leaf)
        : [piece]
    );
    const joined = this.#joinPieces(cut.flatMap(splitAt(/([^A-Za-z0-9._~+/=%-]+)/)), message, leaf);
    const inner = joined ?? { ...explained(concat(cut)), unexplained: true };
    const why = parts.map((part) => part.why).find((text) => text !== undefined);
    return { ...inner, expr: around(inner.expr), ...why === undefined ? {} : { why } };
  }

  /**
   * A segment of a path with parameters, each explained by its name; `null` for one without.
   * @rule off: null
   */
  ofParameters(message: Message, leaf: Leaf): Explanation | null {
    const parameters = leaf.place.kind === "path" ? segmentParameters(leaf.value) : [];
    if (parameters.length === 0) return null;
    let from = 0;
    const pieces = parameters.flatMap(({ name, value, start, end }) => {
      const before = leaf.value.slice(from, start);
      from = end;
      return [before, this.#explainer.explainValue(value, message, { ...leaf, name, value }, 1)];
    });
    const exprs = pieces.map((piece) => typeof piece === "string" ? piece : piece.expr);
    const isOpen = pieces.some((piece) => typeof piece !== "string" && piece.unexplained);
    return { expr: concat([...exprs, leaf.value.slice(from)]), unexplained: isOpen };
  }

  /** An encoding, or a text with known values in it; `null` where it is neither. */
  of(value: string, message: Message, leaf: Leaf, depth: number): Explanation | null {
    if (isSigned(value)) return null;
    return this.#asUrlEncoded(value, message, leaf, depth) ??
      this.#asBase64(value, message, leaf, depth) ?? this.#asJoined(value, message, leaf);
  }

  #asUrlEncoded(value: string, message: Message, leaf: Leaf, depth: number): Explanation | null {
    if (!/%[0-9A-Fa-f]{2}/.test(value)) return null;
    let inner: string;
    try {
      inner = decodeURIComponent(value);
    } catch {
      return null;
    }
    if (encodeURIComponent(inner) !== value) return null;
    return this.#wrapped("url-encode", inner, message, leaf, depth);
  }

  #asBase64(value: string, message: Message, leaf: Leaf, depth: number): Explanation | null {
    const encoding = base64Kind(value);
    if (encoding === null) return null;
    return this.#wrapped(encoding, base64Text(value)!, message, leaf, depth);
  }

  #wrapped(
    op: "url-encode" | "base64" | "base64url",
    inner: string,
    message: Message,
    leaf: Leaf,
    depth: number,
  ): Explanation | null {
    const within = { ...leaf, value: inner };
    const explanation = this.#explainer.explainValue(inner, message, within, depth + 1);
    if (explanation.unexplained || isConstant(explanation.expr)) return null;
    return { ...explanation, expr: applied(op, explanation.expr) };
  }

  /** Known values inside a text: `Bearer …`, `Token token="…"`, JSON in a string, a URL with a code. */
  #asJoined(value: string, message: Message, leaf: Leaf): Explanation | null {
    const cut = this.#explainer.places.split(value, message, leaf).flatMap(splitSigned);
    for (
      const separators of [/([^A-Za-z0-9._~+/=%-]+)/, /([^A-Za-z0-9._~%-]+)/, /([^A-Za-z0-9%]+)/]
    ) {
      const pieces = cut.flatMap(splitAt(separators));
      if (pieces.length < 2) continue;
      const explanation = this.#joinPieces(pieces, message, leaf);
      if (explanation !== null && !isConstant(explanation.expr)) return explanation;
    }
    return null;
  }

  /**
   * A digest between the marks of a document; elsewhere a text is one as a whole, and was tried so.
   * @rule off: null
   */
  #inDocument(piece: string, message: Message, leaf: Leaf): Explanation | null {
    return /^\s*[[{<]/.test(leaf.value) ? this.#explainer.digest(piece, message) : null;
  }

  /**
   * `jQuery17_1775034000123`: when a client says it is now.
   * @rule off: null
   */
  #asMoment(piece: string, message: Message, leaf: Leaf): Explanation | null {
    return /^1\d{9}(\d{3})?$/.test(piece)
      ? this.#explainer.generated(piece, message, { ...leaf, name: "timestamp", value: piece })
      : null;
  }

  /** The pieces as one expression; `null` when one of them is somebody's secret and nothing explains it. */
  #joinPieces(
    pieces: readonly (string | Expr)[],
    message: Message,
    leaf: Leaf,
  ): Explanation | null {
    const parts: Expr[] = [];
    const once: string[] = [];
    for (const piece of pieces) {
      if (typeof piece !== "string") {
        parts.push(piece);
        continue;
      }
      const inner = { ...leaf, value: piece };
      const explanation =
        (isOpaque(piece) ? this.#explainer.asKnown(piece, message, inner) : null) ??
          this.#asMoment(piece, message, leaf) ??
          (isSigned(piece) ? null : this.#asBase64(piece, message, inner, 1));
      const isOwn = () =>
        this.#explainer.constants.mayStandInText(piece, this.#explainer.places.first, leaf);
      const isOpen = explanation === null && isOpaque(piece);
      const own = isOpen && isOwn();
      const known = isOpen && !own ? this.#inDocument(piece, message, leaf) : explanation;
      if (known === null && isOpen && !own) return null;
      if (own && this.#explainer.constants.isSentOnce(piece)) once.push(piece);
      parts.push(known?.expr ?? asExpr(piece));
    }
    // Beside what an answer gave, such a piece may answer it: a signature, a checksum.
    if (once.length > 0 && parts.some(isOfAnswer)) return null;
    return explained(concat(parts));
  }
}

function splitAt(separators: RegExp): (piece: string | Expr) => (string | Expr)[] {
  return (piece) =>
    typeof piece === "string" && !isSigned(piece) ? piece.split(separators) : [piece];
}

const SIGNED_PIECE = new RegExp(`(${SIGNED_IN_TEXT.source})`);

/** Signed values are pieces of their own, whatever the text is cut at. */
function splitSigned(piece: string | Expr): (string | Expr)[] {
  return typeof piece === "string"
    ? piece.split(SIGNED_PIECE).filter((text) => text !== "")
    : [piece];
}
