/** Why a value of the login stayed unexplained, and what to do about it: one sentence for each, by evidence. */
import type { Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import {
  isAntiForgeryName,
  isCredentialName,
  isPasswordName,
  isRefreshName,
  isSignatureName,
} from "../http/vocabulary.ts";
import { holdsComputed, looksComputed } from "./computed_secret.ts";
import { isDigestLike } from "./digest_trials.ts";
import { describePlace, isBodyField, isFormLeaf, type Leaf } from "./leaves.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Message, Recording } from "./recording.ts";
import { isSigned } from "./signed_value.ts";
import type { Gap, Slice } from "./slice.ts";

const ANSWERS =
  'tell the recorded user name and password with "keysmith auth analyze APP --answers FILE"';

/**
 * @param mayTell somebody typed something, and what it was is not told yet: telling it lets computations be tried
 */
export function gapReasons(slice: Slice, mayTell: boolean): string[] {
  const reasons = [
    ...new Set(
      slice.gaps.map((gap) =>
        `${gap.trace} ${describePlace(gap.place)}: ${reasonOf(gap, slice, mayTell)}`
      ),
    ),
  ];
  const last = reasons.pop();
  if (last === undefined) return [];
  const isTold = !mayTell || [...reasons, last].some((text) => text.includes("--answers"));
  return [
    ...reasons,
    isTold
      ? last
      : `${last}; where it is computed from what was typed, ${ANSWERS}, so that this can be tried`,
  ];
}

function reasonOf(gap: Gap, { recording, span }: Slice, mayTell: boolean): string {
  const { index } = gap;
  const leaf = leafOf(gap, recording)!;
  const cached = cachedPage(leaf, recording.at(index), recording);
  if (cached !== undefined) {
    return `may come with the page ${cached.id}, which the browser took from its cache (304), so that the ` +
      "recording has no copy of it; record again from a private window, or with the cache switched off";
  }
  const page = pageBefore(recording, index);
  if (page !== undefined && (page.response?.body ?? []).length === 0) {
    return `may come with the page ${page.id}, whose body the recording has not got: a recorder loses ` +
      "it when the next page is loaded, and a page from the browser's cache has none; record again with the cache " +
      "switched off, with another browser or through a recording proxy";
  }
  if (isSetByCode(leaf, index, recording)) {
    return "the client's code sets it, and no tried computation over known values yields it";
  }
  if (isOlder(leaf, index, span, recording)) {
    return "comes from before the recording, no answer in it holds this; record again from a private " +
      "window, starting before the login page is opened";
  }
  if (isSigned(leaf.value)) {
    return "a signed token that no answer holds: it is from before the recording, or the client signs " +
      "it with a key that no recording holds; record again from a private window, or, where the key is yours, " +
      'give what it earns with "keysmith auth set APP"';
  }
  if (isSignatureName(leaf.name)) {
    return "a signature that no tried computation over known values yields";
  }
  const look = computedLook(leaf);
  if (look === null) {
    return "no earlier response holds it, and nothing shows how the client made it";
  }
  return mayTell
    ? `${look} computed in the page; ${ANSWERS}, so that computations can be tried against the recording`
    : `${look}, and no tried computation over known values yields it`;
}

export function leafOf({ place, index }: Gap, recording: Recording): Leaf | undefined {
  return recording.at(index).leaves.find((candidate) =>
    describePlace(candidate.place) === describePlace(place)
  );
}

/** A value of a digest's size, or of whole blocks of a cipher. */
function computedLook(leaf: Leaf): string | null {
  if (!mayBeComputed(leaf)) return null;
  if (isDigestLike(leaf.value)) return "looks like a digest";
  if (looksComputed(leaf.value)) return "looks like a cipher text";
  if (!holdsComputed(leaf.value)) return null;
  return leaf.place.kind === "text" ? "holds what may be a digest" : "looks like a digest";
}

/** Tokens and codes are issued by a server; what is called so is not a digest of what somebody typed. */
function mayBeComputed({ name }: Leaf): boolean {
  return isPasswordName(name) || !isAntiForgeryName(name) && !/token|^code$/i.test(name);
}

/**
 * A token in a form whose page was shown before the recording began, and a credential that a request
 * carried before anything was typed.
 */
function isOlder(leaf: Leaf, index: number, span: LoginSpan, recording: Recording): boolean {
  if (isPasswordName(leaf.name)) return false;
  // A client has it from an earlier answer (RFC 6749 section 6).
  if (isBodyField(leaf) && isRefreshName(leaf.name)) return true;
  if (isBodyField(leaf)) {
    return (isAntiForgeryName(leaf.name) || isCredentialName(leaf.name)) &&
      pageBefore(recording, index) === undefined && index <= span.last && isFormLeaf(leaf);
  }
  const isGiven = (isAntiForgeryName(leaf.name) || isCredentialName(leaf.name)) &&
    !holdsComputed(leaf.value);
  return leaf.place.kind === "header" &&
    recording.messages.some((earlier) =>
      earlier.index <= span.first && (isGiven || earlier.index < index) &&
      earlier.leaves.some((other) => other.place.kind === "header" && other.value === leaf.value)
    );
}

/** A header of one request alone whose name stands in the client's code: it is made for that request. */
function isSetByCode({ place, name, value }: Leaf, index: number, recording: Recording): boolean {
  if (place.kind !== "header") return false;
  const isElsewhere = recording.messages.some((other) =>
    other.index !== index && other.leaves.some((leaf) => leaf.value === value)
  );
  return !isElsewhere &&
    recording.messages.some((earlier) =>
      earlier.index < index && (earlier.isScriptOrStyle || earlier.mayBePage) &&
      earlier.responseText.toLowerCase().includes(name.toLowerCase())
    );
}

/**
 * A form's page that the server said to be as it was before (RFC 9110 section 15.4.5).
 * @rule off: undefined
 */
function cachedPage(leaf: Leaf, message: Message, { messages }: Recording): Trace | undefined {
  if (!isFormLeaf(leaf)) return undefined;
  const isShown = ({ url, method, trace }: Message) =>
    method === "GET" && trace.noise === null && url.pathname === message.url.pathname;
  const page = messages.slice(0, message.index).findLast(isShown);
  return page?.status === 304 ? page.trace : undefined;
}

/** The page that was shown when a request was made. */
function pageBefore(recording: Recording, index: number): Trace | undefined {
  return recording.messages.slice(0, index).findLast(({ trace, succeeded, location }) =>
    succeeded && location === null && /html/.test(mediaType(trace.response!.headers))
  )?.trace;
}

/**
 * Signatures over requests: without the computation no request of ours would be taken.
 * @rule off: []
 */
export function underivable({ gaps, submissions, recording }: Slice): string[] {
  return gaps.flatMap((gap) => {
    const { trace, place, index } = gap;
    if (submissions.has(index) && place.kind !== "header" && place.kind !== "query") return [];
    const leaf = leafOf(gap, recording);
    if (leaf === undefined || !isSignatureName(leaf.name) || leaf.value.length < 20) return [];
    const where = `${trace} ${describePlace(place)}`;
    return [
      `${where}: the client signs its requests, and no tried computation over known values yields the signature; ` +
      'use the app\'s official API, or give a session by hand with "keysmith auth set APP"',
    ];
  });
}
