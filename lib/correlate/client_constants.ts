/** What a client brings along: ids, keys and versions that are the same in every session. */
import { holdsComputed, looksComputed } from "./computed_secret.ts";
import {
  isAntiForgeryName,
  isApiKeyName,
  isClientSecretName,
  isCredentialName,
  isIdentifierName,
  isSignatureName,
  ownerOf,
} from "../http/vocabulary.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import type { Leaf } from "./leaves.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Recording } from "./recording.ts";

export class ClientConstants {
  constructor(private readonly recording: Recording, private readonly provenance: Occurrences) {}

  /**
   * True for a value that no answer handed out and that is the client's own by evidence: its name says so,
   * it stands in the client's code, or it was sent more than once, first no later than the first request
   * into which somebody typed. What begins after that may be the session's, however often it is repeated.
   */
  holds(value: string, leaf: Leaf, typedAt: number): boolean {
    const { name } = leaf;
    if (isAntiForgeryName(name)) return this.stood(value);
    if (isClientSecretName(name) || isApiKeyName(name)) return !this.#isReplaced(leaf);
    if (ownerOf(name) === "client" && !isAnswerToChallenge(leaf)) return true;
    if (this.#isAlsoKey(value)) return true;
    if (leaf.place.kind === "path" && this.#isRepeated(leaf)) return true;
    if (/\s/.test(value) && !isIdentifierName(name) && !isCredentialName(name)) return true;
    if (isSignatureName(name)) return false;
    if (leaf.place.kind === "header" && this.#isOfOwnParameters(leaf, typedAt)) return true;
    const isOwn = this.#isRepeated(leaf) && (this.provenance.firstSent(value) ?? -1) <= typedAt;
    return isOwn || this.stood(value);
  }

  /**
   * True for an opaque piece of a text that is the client's own: it stands in a script, or was sent up to
   * the first request into which somebody typed, and has not the size of a digest where that was in a body.
   * @rule off: false
   */
  mayStandInText(piece: string, typedAt: number, leaf: Leaf): boolean {
    if (this.stood(piece)) return true;
    const isHeader = leaf.place.kind === "header";
    if (!isHeader && looksComputed(piece)) return false;
    return this.recording.messages.slice(0, typedAt + 1).some(({ leaves }) =>
      leaves.some(({ value }) => value.includes(piece))
    );
  }

  /**
   * True for a piece of a text that no script has and one request alone carries.
   * @rule off: false
   */
  isSentOnce(piece: string): boolean {
    return !this.stood(piece) &&
      this.recording.messages.filter(({ leaves }) =>
          leaves.some(({ value }) => value.includes(piece))
        ).length === 1;
  }

  /**
   * Parameters of a header, `Client="Web", DeviceId="…"`, that a request up to the first typing carries, and
   * another one again, whatever it adds to them.
   * @rule off: false
   */
  #isOfOwnParameters({ name, value }: Leaf, typedAt: number): boolean {
    const telling = /\w="/.test(value) ? value.split(/[\s",;]+/).filter(isOpaque) : [];
    const carriers = this.recording.messages.filter(({ ownHeaders }) =>
      ownHeaders.some((leaf) =>
        leaf.name.toLowerCase() === name.toLowerCase() &&
        telling.every((piece) => leaf.value.includes(piece))
      )
    );
    return telling.length > 0 && carriers.length > 1 && carriers[0]!.index <= typedAt;
  }

  /**
   * The application's key, which a client sends as a bearer token as well until somebody is logged in.
   * @rule off: false
   */
  #isAlsoKey(value: string): boolean {
    return this.provenance.carriers(splitScheme(value).credentials).some(({ leaf }) =>
      isApiKeyName(leaf.name) && /key/i.test(leaf.name)
    );
  }

  /**
   * The header holds what an answer issued from some request on: what it held before was such a key as well, of an
   * earlier session perhaps.
   * @rule off: false
   */
  #isReplaced({ name, value, place }: Leaf): boolean {
    return place.kind === "header" &&
      this.recording.messages.some(({ ownHeaders, index }) =>
        ownHeaders.some((other) =>
          other.name.toLowerCase() === name.toLowerCase() && other.value !== value &&
          this.provenance.find(splitScheme(other.value).credentials, index) !== null
        )
      );
  }

  /** The value stands in a script of the recording. */
  stood(value: string): boolean {
    const isScript = (index: number) => this.recording.at(index).isClientCode;
    return this.provenance.find(value, Infinity, isScript) !== null;
  }

  /** @rule off: false */
  #isRepeated(leaf: Leaf): boolean {
    const alike = ({ place, name }: Leaf) => place.kind === leaf.place.kind && name === leaf.name;
    return this.provenance.carriers(leaf.value).filter((carrier) => alike(carrier.leaf))
      .drop(1).some(() => true);
  }
}

/**
 * `response`, `hash`: settings by their name, unless they hold what a page computes for a login.
 * @rule off: false
 */
function isAnswerToChallenge({ name, value, place }: Leaf): boolean {
  if (!/(response|hash)$/i.test(name) || !holdsComputed(value)) return false;
  return place.kind !== "json" || !place.path.includes("persistedQuery");
}
