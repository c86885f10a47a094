/**
 * Explaining a value: how it comes to be in a request. What somebody found out comes first
 * (`found_values.ts`), and a code that an answer issued (`carried_codes.ts`); then, in this order:
 *
 * 1. Typed here: the judge of typed values found it at this very place, as the whole leaf or as a part.
 * 2. Made by the client in an earlier request.
 * 3. Typed elsewhere, where causality and the place's role allow it (`input_places.ts`).
 * 4. Taken from an earlier answer.
 * 5. An encoding of such a value, or a text that holds several; never a signed value put together anew.
 * 6. A constant that shows itself: plain, or the same in another recording.
 * 7. A digest of known values, by trial; last where it was sent before anybody typed.
 * 8. Made by the client now (`client_made.ts`).
 * 9. A constant of the client by other evidence (`client_constants.ts`).
 *
 * What is left is unexplained and said so.
 */
import { placeOf } from "../codec/place.ts";
import { hasScheme, splitScheme } from "../http/auth_scheme.ts";
import { holdsGuard } from "../http/guard_value.ts";
import { isOpaque } from "../http/opaque.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import { issuedCode, respelled } from "./carried_codes.ts";
import { isChosen } from "./chosen_value.ts";
import { holdsComputed, looksComputed } from "./computed_secret.ts";
import { ClientConstants } from "./client_constants.ts";
import { ClientMade } from "./client_made.ts";
import { ComposedValues } from "./composed_values.ts";
import { DigestTrials, isDigestLike } from "./digest_trials.ts";
import { DigestIngredients } from "./digest_ingredients.ts";
import { explained, type Explanation, unexplained, type ValueExplainer } from "./explanation.ts";
import { atoms } from "./expr_walk.ts";
import { constant, ofExtraction, ofGenerated, ofInput } from "./expr.ts";
import type { Findings } from "./finding.ts";
import { FoundValues } from "./found_values.ts";
import type { Expr } from "./flow.ts";
import { InputPlaces } from "./input_places.ts";
import { issuedHandle, issuedWord } from "./issued_handle.ts";
import { isClientAuthentication } from "./login_run.ts";
import type { KnownValues } from "./known_values.ts";
import { describePlace, isBodyField, type Leaf, type Place } from "./leaves.ts";
import type { Occurrences, Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";
import { inPair, openLeaf } from "./opened_leaf.ts";
import type { TypedValue } from "./typed_value.ts";

/** Encodings within encodings are looked into so far. */
const MAX_DEPTH = 3;

export interface ExplainerOptions {
  readonly findings: Findings;
  /** A password was told and travels nowhere: what looks computed may be computed of it, whatever it is called. */
  readonly isSecretUnsent: boolean;
}

export class Explainer implements ValueExplainer {
  readonly places: InputPlaces;
  readonly #typedAt = new Map<string, TypedValue[]>();
  /** Messages that somebody typed a password or a code into. */
  readonly #secretAt = new Set<number>();
  readonly constants: ClientConstants;
  readonly #composed: ComposedValues;
  readonly #made: ClientMade;
  readonly #ingredients: DigestIngredients;
  readonly #digests = new DigestTrials();
  readonly #found: FoundValues;
  readonly #links = new Map<number, TypedValue>();
  readonly #open = new Set<string>();
  readonly #isSecretUnsent: boolean;

  constructor(
    readonly recording: Recording,
    readonly provenance: Occurrences,
    readonly known: KnownValues,
    { findings, isSecretUnsent }: ExplainerOptions,
  ) {
    this.#isSecretUnsent = isSecretUnsent;
    this.#found = new FoundValues(this, findings);
    this.places = new InputPlaces(recording, provenance, known);
    this.constants = new ClientConstants(recording, provenance);
    this.#composed = new ComposedValues(this);
    this.#made = new ClientMade(recording, known);
    this.#ingredients = new DigestIngredients(this);
  }

  /** Marks a leaf, or a part of one, as typed by the user. */
  type(index: number, typed: TypedValue): void {
    const key = placeKey(index, typed.place);
    const leaf = this.recording.at(index).leaves.find(({ place }) =>
      placeKey(index, place) === key
    );
    this.places.typed(index, this.known.input(typed), leaf);
    if (typed.kind === "link") this.#links.set(index, typed);
    if (typed.kind === "password" || typed.kind === "one-time-code") this.#secretAt.add(index);
    const held = this.#typedAt.get(key) ?? [];
    const isHeld = held.some(({ part }) => part?.start === typed.part?.start);
    if (!isHeld) this.#typedAt.set(key, [...held, typed]);
  }

  /** The fields of this message that somebody's name was typed into. */
  namesTyped({ index, fields }: Message): Leaf[] {
    return fields.filter(({ place, value }) =>
      this.#typedAt.get(placeKey(index, place))?.some((typed) =>
        typed.kind === "identifier" && typed.value === value
      )
    );
  }

  /** Says that nothing but finding out what the page computes explains this leaf, plain as it looks. */
  leaveOpen(index: number, place: Place): void {
    this.#open.add(placeKey(index, place));
  }

  /** The whole URL of this message when the user pasted it (a link from a message); else `null`. */
  pastedUrl(index: number): Expr | null {
    const typed = this.#links.get(index);
    return typed === undefined ? null : ofInput(this.known.input(typed));
  }

  /** How the leaf of this message comes to be. */
  explain(message: Message, leaf: Leaf): Explanation {
    const found = this.#found.at(message, leaf) ?? this.#found.of(leaf.value, message, leaf);
    if (found !== null) return found;
    const code = issuedCode(leaf, message, this.recording);
    if (code !== null) return this.fromSource(code, leaf.value, leaf.name, code.shown);
    const typed = this.#typedAt.get(placeKey(message.index, leaf.place)) ?? [];
    const whole = typed.find(({ part, value }) => part === undefined && value === leaf.value);
    if (whole !== undefined) return this.#typed(whole);
    if (this.#open.has(placeKey(message.index, leaf.place))) return this.#derived(message, leaf);
    const parts = typed.filter(({ part }) => part && part.end <= openLeaf(leaf.value).text.length);
    if (parts.length > 0) return this.#composed.ofTypedParts(parts, message, leaf);
    const gate = this.#gate(message, leaf);
    if (gate.length > 0) return this.#composed.ofTypedParts(gate, message, leaf);
    return this.#composed.ofParameters(message, leaf) ??
      this.explainValue(leaf.value, this.#firstSentAt(leaf, message) ?? message, leaf, 0);
  }

  /** Of what was typed, or open: nothing else counts for what a page computed. */
  #derived(message: Message, leaf: Leaf): Explanation {
    const { value } = leaf;
    const tried = this.explainValue(value, message, leaf, 0);
    const parts = atoms(tried.expr);
    const isOfTyped = !tried.unexplained && parts.some(({ kind }) => kind === "input") &&
      parts.every((part) =>
        part.kind === "constant" ? !holdsComputed(part.value) : part.kind !== "generated"
      );
    return isOfTyped ? tried : unexplained(value);
  }

  /**
   * Name and password of HTTP Basic beside a login of its own: a gate before the site, which somebody passed.
   * @rule off: []
   */
  #gate(message: Message, leaf: Leaf): TypedValue[] {
    const isBasic = leaf.name.toLowerCase() === "authorization" && hasScheme(leaf.value, "basic");
    const isClients = () =>
      isClientAuthentication(message) || this.constants.stood(splitScheme(leaf.value).credentials);
    if (!isBasic || isClients()) return [];
    return inPair(leaf).map((typed) => ({ ...typed, name: `basic ${typed.name}` }));
  }

  /**
   * The request that first sent a header's value, where that was another: what stands in an answer after it
   * is not a source of the value, nor of a part of it.
   */
  #firstSentAt({ place, name, value }: Leaf, message: Message): Message | null {
    const first = place.kind === "header" ? this.provenance.firstSent(value) : undefined;
    if (first === undefined || first >= message.index) return null;
    const origin = this.recording.at(first);
    const isSame = origin.leaves.some((leaf) =>
      leaf.place.kind === "header" && leaf.name.toLowerCase() === name.toLowerCase() &&
      leaf.value === value
    );
    return isSame ? origin : null;
  }

  #typed(typed: TypedValue): Explanation {
    const expr = ofInput(this.known.input(typed));
    return { ...explained(expr), ...typed.why === undefined ? {} : { why: typed.why } };
  }

  explainValue(value: string, message: Message, leaf: Leaf, depth: number): Explanation {
    if (value === "") return explained(constant(value));
    const found = this.#found.of(value, message, leaf);
    if (found !== null) return found;
    const direct = this.asKnown(value, message, leaf);
    if (direct !== null) return direct;
    const composed = depth < MAX_DEPTH ? this.#composed.of(value, message, leaf, depth) : null;
    if (composed !== null) return composed;
    const variation = this.provenance.differs(message, leaf);
    const isKept = variation === "same" && !/device|install|state|nonce/i.test(leaf.name);
    const isSecret = isPasswordName(leaf.name);
    if (variation === "differs" && this.#secretAt.has(message.index) && isChosen(leaf)) {
      return this.#chosen(leaf);
    }
    const isPlain = !isOpaque(value) && !(isSecret && looksComputed(value));
    if (isPlain && !(isBodyField(leaf) && holdsGuard(leaf.name, value)) || isKept && !isSecret) {
      return explained(constant(value));
    }
    return this.#asComputedOrOwn(value, message, leaf) ?? unexplained(value);
  }

  #chosen({ name, value, place }: Leaf): Explanation {
    const why = "another recording has another value there";
    return this.#typed({ kind: "other", name, value, place, why });
  }

  /** Made before, typed elsewhere, or taken from an earlier answer. */
  asKnown(value: string, message: Message, leaf: Leaf): Explanation | null {
    const generated = this.known.generatedOfValue(value);
    if (generated !== undefined) return explained(ofGenerated(generated));
    const word = value === leaf.value ? issuedWord(leaf, message, this) : null;
    if (word !== null) return this.fromSource(word, value, leaf.name);
    const input = this.places.whole(value, message, leaf);
    if (input !== null) return explained(ofInput(input));
    return this.#asExtracted(value, message, leaf);
  }

  /** A value that a request carried before any response did is the client's own, even if echoed. */
  #asExtracted(value: string, message: Message, leaf: Leaf): Explanation | null {
    const differs = this.provenance.differs(message, leaf) === "differs";
    const isGuard = leaf.place.kind === "header" && holdsGuard(leaf.name, value);
    if (!isOpaque(value) && !isGuard && !differs) return this.#asHandle(value, message, leaf);
    // Scripts are no source: what stands in one is a constant of the client.
    const mayBeSource = (index: number) => !this.recording.at(index).isClientCode;
    const source = this.provenance.find(value, message.index, mayBeSource);
    if (source === null) return differs ? this.#asHandle(value, message, leaf, differs) : null;
    const firstSent = this.provenance.firstSent(value);
    if (firstSent !== undefined && firstSent <= source.index) return null;
    return this.fromSource(source, value, leaf.name);
  }

  /** What looks plain comes from an answer where its name or its place says so. */
  #asHandle(value: string, message: Message, leaf: Leaf, differs = false): Explanation | null {
    if (value !== leaf.value) return null;
    const handle = issuedHandle(leaf, message, this.recording, differs);
    return handle === null ? null : this.fromSource(handle, value, leaf.name);
  }

  /** @param shown how the answer writes it, where the request spells it otherwise */
  fromSource(found: Source, value: string, hint: string, shown = value): Explanation {
    const source = this.#isSomebodys(found) ? this.#elsewhere(found, shown) ?? found : found;
    const taken = ofExtraction(this.known.extraction(source, shown, hint));
    return explained(respelled(shown, value, taken));
  }

  /** A cookie whose name holds the user's is called otherwise for the next one. @rule off: false */
  #isSomebodys({ locator }: Source): boolean {
    return locator.kind === "cookie" && this.known.holdsName(locator.name);
  }

  #elsewhere({ index }: Source, value: string): Source | null {
    const { answer } = this.recording.at(index);
    const place = answer && placeOf(answer, value, ({ kind }) => kind !== "cookie");
    return place && { index, ...place };
  }

  /** What was sent before anybody typed derives from nothing typed: there a computation is the last guess. */
  #asComputedOrOwn(value: string, message: Message, leaf: Leaf): Explanation | null {
    const digest = () => this.digest(value, message);
    const made = () => this.generated(value, message, leaf);
    const constant = () => this.#asClientConstant(value, message, leaf);
    return this.#firstSent(value, message) < this.places.first
      ? made() ?? constant() ?? digest()
      : digest() ?? made() ?? constant();
  }

  #firstSent(value: string, message: Message): number {
    return this.provenance.firstSent(value) ?? message.index;
  }

  digest(value: string, message: Message): Explanation | null {
    if (!isDigestLike(value)) return null;
    const expr = this.#digests.explain(value, this.#ingredients.of(message));
    return expr === null ? null : explained(expr);
  }

  /** A value that the client makes anew in each run. @rule off: null */
  generated(value: string, message: Message, leaf: Leaf): Explanation | null {
    const expr = this.#made.of(value, message, leaf, {
      isBeforeTyping: this.#firstSent(value, message) < this.places.first,
      hasSecret: this.#secretAt.has(message.index),
    });
    return expr === null ? null : explained(expr);
  }

  /** Ids, keys and versions of the client are the same in every session and stay as they are. */
  #asClientConstant(value: string, message: Message, leaf: Leaf): Explanation | null {
    if (isPasswordName(leaf.name)) return null;
    if (this.#isSecretUnsent && isBodyField(leaf) && holdsComputed(value)) return null;
    const isOwn = isClientAuthentication(message) && hasScheme(leaf.value, "basic") ||
      this.constants.holds(value, leaf, this.places.first);
    return isOwn ? explained(constant(value)) : null;
  }
}

function placeKey(index: number, place: Place): string {
  return `${index} ${place.kind} ${describePlace(place).toLowerCase()}`;
}
