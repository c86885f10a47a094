/**
 * Explaining a value: how it comes to be in a request. In this order: typed by the user, made by the
 * client and known already, taken from an earlier response, an encoding of such a value, several of
 * them joined, a digest of them, made by the client now, a constant of the client. What is left is
 * unexplained and said so.
 */
import { parseJson } from "../base/json.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { base64Encode, base64UrlEncode } from "../http/base64.ts";
import { ClientConstants, isDigestOrToken } from "./client_constants.ts";
import { digestShape, explainDigest, type Ingredient } from "./digest_trials.ts";
import {
  isApiKeyName,
  isClientMadeName,
  isClientSecretName,
  isPasswordName,
  isTimestampName,
} from "../http/vocabulary.ts";
import { embeddingOf, splitWhole } from "./embedded_input.ts";
import type { Expr } from "./flow.ts";
import { concat, isConstant, type KnownValues } from "./known_values.ts";
import { describePlace, type Leaf, type Place } from "./leaves.ts";
import type { TypedValue } from "./typed_value.ts";
import { namedTexts } from "./named_texts.ts";
import type { Provenance, Source } from "./provenance.ts";
import type { Message, Recording } from "./recording.ts";
import { base64Text, isOpaque, timestampUnit } from "../http/opaque.ts";
import { applyTransform } from "../codec/transforms.ts";
import type { Variants } from "./variants.ts";

export interface Explanation {
  readonly expr: Expr;
  /** The values it rests on come from these messages. */
  readonly sources: readonly number[];
  /** Set when the value could not be explained and stands as a constant for want of better. */
  readonly unexplained: boolean;
}

/** How far a client's clock and the recorder's may be apart, and how old a timestamp may be. */
const TIMESTAMP_WINDOW_MS = 10 * 60_000;

export class Explainer {
  readonly #firstSent = new Map<string, number>();
  readonly #typedAt = new Map<string, TypedValue>();
  readonly #constants: ClientConstants;
  readonly #links = new Map<number, TypedValue>();
  /** The last message in which the user typed something; Infinity while there is none. */
  #typedLast = Infinity;

  constructor(
    readonly recording: Recording,
    readonly provenance: Provenance,
    readonly known: KnownValues,
    readonly variants: Variants,
  ) {
    this.#constants = new ClientConstants(recording, provenance);
    for (const message of recording.messages) {
      for (const leaf of message.leaves) {
        if (!this.#firstSent.has(leaf.value)) this.#firstSent.set(leaf.value, message.index);
      }
    }
  }

  /** Marks a leaf as typed by the user. */
  type(index: number, typed: TypedValue): void {
    this.#typedLast = Number.isFinite(this.#typedLast) ? Math.max(this.#typedLast, index) : index;
    if (typed.kind === "link") this.#links.set(index, typed);
    this.#typedAt.set(placeKey(index, typed.place, typed.value), typed);
    this.known.input(typed);
  }

  /** The whole URL of this message when the user pasted it (a link from a message); else `null`. */
  pastedUrl(index: number): Expr | null {
    const typed = this.#links.get(index);
    return typed === undefined ? null : { kind: "input", input: this.known.input(typed).name };
  }

  /** How the leaf of this message comes to be. */
  explain(message: Message, leaf: Leaf): Explanation {
    const typed = this.#typedAt.get(placeKey(message.index, leaf.place, leaf.value));
    if (typed !== undefined) {
      return explained({ kind: "input", input: this.known.input(typed).name });
    }
    return this.#explainValue(leaf.value, message, leaf, 0);
  }

  #explainValue(value: string, message: Message, leaf: Leaf, depth: number): Explanation {
    if (value === "") return explained({ kind: "constant", value });
    const direct = this.#asKnown(value) ?? this.#asExtracted(value, message, leaf);
    if (direct !== null) return direct;
    const composed = depth < 3 ? this.#asComposed(value, message, leaf, depth) : null;
    if (composed !== null) return composed;
    const variation = this.variants.of(message, leaf);
    const isPlain = (!isOpaque(value) || isPlainObject(value)) && !this.#holdsInput(value);
    const isKept = variation === "same" && !/device|install|state|nonce/i.test(leaf.name);
    if (isPlain || isKept && !isPasswordName(leaf.name)) {
      return explained({ kind: "constant", value });
    }
    if (/^(state|nonce|code_?(verifier|challenge))$/i.test(leaf.name)) {
      const made = this.#asGenerated(value, message, leaf);
      if (made !== null) return made;
    }
    return this.#asDigest(value, message) ?? this.#asGenerated(value, message, leaf) ??
      this.#asClientConstant(value, leaf);
  }

  #asKnown(value: string): Explanation | null {
    const input = this.known.inputOfValue(value);
    if (input !== undefined && value.length >= 3) {
      return explained({ kind: "input", input: input.name });
    }
    const generated = this.known.generatedOfValue(value);
    return generated === undefined
      ? null
      : explained({ kind: "generated", generated: generated.id });
  }

  /** A value that a request carried before any response did is the client's own, even if echoed. */
  #asExtracted(value: string, message: Message, leaf: Leaf): Explanation | null {
    if (!isOpaque(value) && this.variants.of(message, leaf) !== "differs") return null;
    const source = this.provenance.find(value, message.index, (index) => this.#mayBeSource(index));
    if (source === null) return null;
    const firstSent = this.#firstSent.get(value);
    if (firstSent !== undefined && firstSent <= source.index) {
      return firstSent === message.index ? null : this.#echo(value, firstSent);
    }
    return this.fromSource(source, value, leaf.name);
  }

  /** An echoed value is explained where the client first sent it. */
  #echo(value: string, firstSent: number): Explanation | null {
    const origin = this.recording.at(firstSent);
    const leaf = origin.leaves.find((candidate) => candidate.value === value);
    return leaf === undefined ? null : this.explain(origin, leaf);
  }

  fromSource(source: Source, value: string, hint: string): Explanation {
    const extraction = this.known.extraction(source, value, hint);
    return {
      expr: { kind: "extracted", extraction: extraction.id },
      sources: [source.index],
      unexplained: false,
    };
  }

  /** Scripts are no source: what stands in one is a constant of the client. */
  #mayBeSource(index: number): boolean {
    return !this.recording.at(index).isScriptOrStyle;
  }

  #asComposed(value: string, message: Message, leaf: Leaf, depth: number): Explanation | null {
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
    const inner = base64Text(value);
    if (inner === undefined) return null;
    if (base64Encode(inner) === value) return this.#wrapped("base64", inner, message, leaf, depth);
    if (base64UrlEncode(inner) !== value) return null;
    return this.#wrapped("base64url", inner, message, leaf, depth);
  }

  #wrapped(
    op: "url-encode" | "base64" | "base64url",
    inner: string,
    message: Message,
    leaf: Leaf,
    depth: number,
  ): Explanation | null {
    const explanation = this.#explainValue(inner, message, { ...leaf, value: inner }, depth + 1);
    if (explanation.unexplained || isConstant(explanation.expr)) return null;
    return { ...explanation, expr: { kind: "transform", op, args: [explanation.expr] } };
  }

  /** Known values inside a text: `Bearer …`, `Token token="…"`, JSON in a string, a URL with a code. */
  #asJoined(value: string, message: Message, leaf: Leaf): Explanation | null {
    for (
      const separators of [/([^A-Za-z0-9._~+/=%-]+)/, /([^A-Za-z0-9._~%-]+)/, /([^A-Za-z0-9%]+)/]
    ) {
      const pieces = this.#splitAtInputs(value).flatMap((piece): (string | Expr)[] =>
        typeof piece === "string" ? piece.split(separators) : [piece]
      );
      if (pieces.length < 2) continue;
      const explanation = this.#joinPieces(pieces, message, leaf);
      if (explanation !== null) return explanation;
    }
    return null;
  }

  #joinPieces(
    pieces: readonly (string | Expr)[],
    message: Message,
    leaf: Leaf,
  ): Explanation | null {
    const parts: Expr[] = [];
    const sources: number[] = [];
    for (const piece of pieces) {
      if (typeof piece !== "string") {
        parts.push(piece);
        continue;
      }
      if (!isOpaque(piece)) {
        parts.push({ kind: "constant", value: piece });
        continue;
      }
      const explanation = this.#asKnown(piece) ?? this.#asExtracted(piece, message, leaf) ??
        this.#asBase64(piece, message, { ...leaf, value: piece }, 1);
      if (explanation === null) {
        // A device id or version beside a token is the client's own.
        if (isDigestOrToken(piece)) return null;
        parts.push({ kind: "constant", value: piece });
        continue;
      }
      parts.push(explanation.expr);
      sources.push(...explanation.sources);
    }
    const expr = concat(parts);
    return isConstant(expr) ? null : { expr, sources, unexplained: false };
  }

  #splitAtInputs(value: string): (string | Expr)[] {
    const op = embeddingOf(value);
    let pieces: (string | Expr)[] = [value];
    for (const input of this.known.inputs) {
      if (input.recorded.length < 3) continue;
      pieces = pieces.flatMap((piece) =>
        typeof piece === "string" ? splitWhole(piece, input.recorded, input.name, op) : [piece]
      );
    }
    return pieces;
  }

  #holdsInput(value: string): boolean {
    return this.known.inputs.some((input) =>
      input.recorded.length >= 3 && splitWhole(value, input.recorded, "", null).length > 1
    );
  }

  #asDigest(value: string, message: Message): Explanation | null {
    if (digestShape(value) === null) return null;
    const expr = explainDigest(value, this.#ingredients(message));
    if (expr === null) return null;
    return { expr, sources: this.#sourcesOf(expr), unexplained: false };
  }

  /** What a client could put into a digest now: what was typed, told, made or taken before. */
  #ingredients(message: Message): Ingredient[] {
    const typed = this.known.inputs.map((input): Ingredient => ({
      expr: { kind: "input", input: input.name },
      value: input.recorded,
    }));
    const own: Ingredient[] = [];
    for (const leaf of message.leaves) {
      if (leaf.place.kind === "header" && !/^x-|nonce|time|date|key|id$/i.test(leaf.name)) continue;
      if (leaf.place.kind === "path" || leaf.place.kind === "cookie" || leaf.value === "") continue;
      if (digestShape(leaf.value) !== null && !/nonce|challenge|salt/i.test(leaf.name)) continue;
      const known = this.#asKnown(leaf.value) ?? this.#asExtracted(leaf.value, message, leaf);
      const unit = known === null
        ? timestampUnit(leaf.value, message.trace.startedAtMs, TIMESTAMP_WINDOW_MS)
        : null;
      if (known !== null) own.push({ expr: known.expr, value: leaf.value });
      else if (unit !== null || isClientMadeName(leaf.name) && isOpaque(leaf.value)) {
        const made = this.#asGenerated(leaf.value, message, leaf);
        if (made !== null) own.push({ expr: made.expr, value: leaf.value });
      }
    }
    return unique([...typed, ...own, ...this.#issued(message)]);
  }

  /** Salts, challenges and keys that the answers just before handed out. */
  #issued(message: Message): Ingredient[] {
    const ingredients: Ingredient[] = [];
    for (let index = message.index - 1; index >= 0 && ingredients.length < 12; index--) {
      const earlier = this.recording.at(index);
      if (earlier.isScriptOrStyle || earlier.trace.response === null) continue;
      for (const [value, name] of namedTexts(earlier)) {
        if (!/salt|challenge|nonce|key|secret|seed|realm|random|server|token/i.test(name)) continue;
        if (value.length < 4 || value.length > 200) continue;
        const source = this.provenance.in(value, index);
        if (source === null) continue;
        ingredients.push({ expr: this.fromSource(source, value, name).expr, value });
      }
    }
    return ingredients;
  }

  #sourcesOf(expr: Expr): number[] {
    if (expr.kind === "concat") return expr.parts.flatMap((part) => this.#sourcesOf(part));
    if (expr.kind === "transform") return expr.args.flatMap((arg) => this.#sourcesOf(arg));
    if (expr.kind !== "extracted") return [];
    const extraction = this.known.extractions.find(({ id }) => id === expr.extraction);
    return extraction === undefined ? [] : [Number(extraction.step.slice(1))];
  }

  #asGenerated(value: string, message: Message, leaf: Leaf): Explanation | null {
    const verifier = this.#verifierOf(value, leaf);
    if (verifier !== null) return verifier;
    const unit = timestampUnit(value, message.trace.startedAtMs, TIMESTAMP_WINDOW_MS);
    if (
      unit !== null && (isTimestampName(leaf.name) || unit !== "s" || /x-|nonce/i.test(leaf.name))
    ) {
      const made = this.known.generate(value, leaf.name || "timestamp", {
        kind: "timestamp",
        unit,
      });
      return explained({ kind: "generated", generated: made.id });
    }
    if (!isClientMadeName(leaf.name) || isClientSecretName(leaf.name)) return null;
    if (isApiKeyName(leaf.name) && !/nonce|state/i.test(leaf.name)) return null;
    const made = this.known.generate(value, leaf.name);
    return explained({ kind: "generated", generated: made.id });
  }

  /** PKCE (RFC 7636): the challenge of a verifier that the token request shows, or the verifier. */
  #verifierOf(value: string, leaf: Leaf): Explanation | null {
    if (/^code_?verifier$/i.test(leaf.name)) {
      return explained({ kind: "generated", generated: this.#verifier(value).id });
    }
    if (!/code_?challenge$/i.test(leaf.name)) return null;
    for (const message of this.recording.messages) {
      for (const { name, value: candidate } of message.leaves) {
        if (!/^code_?verifier$/i.test(name)) continue;
        const generated: Expr = { kind: "generated", generated: this.#verifier(candidate).id };
        if (candidate === value) return explained(generated);
        if (applyTransform("pkce-s256", [candidate]) === value) {
          return explained({ kind: "transform", op: "pkce-s256", args: [generated] });
        }
      }
    }
    return null;
  }

  #verifier(value: string) {
    return this.known.generate(value, "code_verifier", {
      kind: "pkce-verifier",
      length: Math.min(128, Math.max(43, value.length)),
    });
  }

  /** Ids, keys and versions of the client are the same in every session and stay as they are. */
  #asClientConstant(value: string, leaf: Leaf): Explanation {
    const isExplained = !isPasswordName(leaf.name) && !this.#isOfSession(leaf) &&
      this.#constants.holds(value, leaf);
    return { expr: { kind: "constant", value }, sources: [], unexplained: !isExplained };
  }

  /**
   * An `Authorization` that no request carried before somebody logged in is the session's, however often
   * it is repeated: what the client has of its own it sends from the start, or keeps in its code.
   */
  #isOfSession(leaf: Leaf): boolean {
    return leaf.place.kind === "header" && leaf.name.toLowerCase() === "authorization" &&
      (this.#firstSent.get(leaf.value) ?? -1) > this.#typedLast &&
      !this.#constants.stood(splitScheme(leaf.value).credentials);
  }
}

/** A JSON object in base64 in which nothing is opaque: how a client's library introduces itself. */
function isPlainObject(value: string): boolean {
  const text = base64Text(value);
  if (text === undefined || !/^\s*\{[^]*\}\s*$/.test(text)) return false;
  return parseJson(text) !== undefined && !isOpaque(text);
}

function explained(expr: Expr): Explanation {
  return { expr, sources: [], unexplained: false };
}

function placeKey(index: number, place: Place, value: string): string {
  return `${index} ${place.kind} ${describePlace(place)} ${value}`;
}

function unique(ingredients: readonly Ingredient[]): Ingredient[] {
  const seen = new Set<string>();
  return ingredients.filter(({ value }) => !seen.has(value) && seen.add(value));
}
