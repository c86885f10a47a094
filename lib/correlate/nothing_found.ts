/** What is said of a recording in which nobody logs in. */
import {
  isCredentialName,
  isIdentifierName,
  isPasswordName,
  isRegistrationPath,
} from "../http/vocabulary.ts";
import { mediaType } from "../http/headers.ts";
import { isSignUp } from "../http/sign_up.ts";
import { allowedElsewhere } from "./allowed_elsewhere.ts";
import type { Analysis } from "./flow.ts";
import { isEmptyCredential, splitScheme } from "../http/auth_scheme.ts";
import { isFromNowhere, isSessions } from "./earlier_session.ts";
import { describePlace, isBodyField, type Leaf } from "./leaves.ts";
import { isRegistration, mentionsPassword, setsPassword } from "./registration.ts";
import { signedAnew } from "./signed_requests.ts";
import type { Evidence, NoLogin } from "./login_styles/style.ts";
import { tracesOf } from "./login_run.ts";
import type { Message } from "./recording.ts";
import { refused } from "./refusals.ts";
import { isOpaque } from "../http/opaque.ts";
import { issuerOf } from "./sink.ts";
import { unreadBody, unreadIssuer } from "./unread_formats.ts";

const UNKNOWN_FIELDS =
  "No field of it is known for a user name or a password; if somebody logs in " +
  'there, tell what was typed with "keysmith auth analyze APP --answers FILE"';

export function nothingFound(evidence: Evidence): NoLogin {
  const analysis = failedOrOlder(evidence) ?? registered(evidence) ?? hiddenPassword(evidence);
  if (analysis !== null) return { analysis };
  return handedOn(evidence) ?? guest(evidence) ??
    none(
      ownKey(evidence) ?? notLetIn(evidence) ?? unreadBody(evidence) ??
        "No request hands over credentials or carries any",
    );
}

function none(reason: string): NoLogin {
  return { analysis: { kind: "none", reasons: [reason] } };
}

/** Logins that the server refused, or a session that was there from the start; `null` for neither. */
export function failedOrOlder(evidence: Evidence): Analysis | null {
  const { recording, messages, submissions } = evidence;
  if (submissions.length > 0) {
    const traces = tracesOf(submissions, recording);
    return refused(
      `Every login in the recording was refused by the server (${traces}); record one that succeeds`,
    );
  }
  const signed = signedAnew(messages.filter(({ succeeded }) => succeeded), evidence.provenance);
  if (signed !== null) return refused(signed);
  for (const message of messages) {
    const leaf = sessionLeaf(message, evidence);
    if (leaf !== undefined) return refused(unissued(message, leaf, evidence));
  }
  return null;
}

/** What a session is that no answer is seen to hand out: of an answer that is not read, of what was typed, older. */
function unissued(carrier: Message, leaf: Leaf, evidence: Evidence): string {
  const what = describePlace(leaf.place);
  const issuer = unreadIssuer(carrier, leaf, evidence);
  if (issuer !== null) {
    const type = mediaType(issuer.trace.response!.headers);
    return `${carrier.trace.id} carries ${what}, which stands in the answer of ${issuer.trace.id}, and that is not ` +
      `read (${type}); look for another interface of the app, and record that, or hand a session over with ` +
      '"keysmith auth set APP"';
  }
  const isToldWithin = evidence.hints.some(({ value }) =>
    value.length >= MIN_HANDED_ON && leaf.value.includes(value)
  );
  if (isToldWithin) {
    return `${carrier.trace.id} carries ${what}, in which what you told stands: it is made of what was typed, and ` +
      'nothing shows how; give one by hand with "keysmith auth set APP"';
  }
  const unanswered = evidence.messages.findLast((message) =>
    message.index < carrier.index && message.trace.response === null &&
    message.fields.some(({ name, value }) => value !== "" && isPasswordName(name))
  );
  if (unanswered !== undefined) {
    return `${carrier.trace.id} carries ${what}, which no answer hands out, and ${unanswered.trace.id}, which hands ` +
      "over a password, has no answer in the recording; record again, and wait for the page that follows the login, " +
      'or use the recorded session with "keysmith auth extract APP"';
  }
  return `The recording starts logged in: ${carrier.trace.id} already carries ${what}, and no answer hands it out. ` +
    "Record again from a private window, starting before the login; or use the recorded session with " +
    '"keysmith auth extract APP", or give one by hand with "keysmith auth set APP"';
}

/**
 * A credential that no answer of the recording handed out.
 * @rule off: undefined
 */
function sessionLeaf(message: Message, evidence: Evidence): Leaf | undefined {
  return message.succeeded ? credentialFromNowhere(message, evidence) : undefined;
}

function credentialFromNowhere(message: Message, evidence: Evidence): Leaf | undefined {
  return message.leaves.find((leaf) => {
    if (isEmptyCredential(leaf.value)) return false;
    const isHeader = leaf.place.kind === "header" &&
      (leaf.name.toLowerCase() === "authorization" || isSessions(leaf));
    const isCookie = leaf.place.kind === "cookie" && isCredentialName(leaf.name) &&
      isOpaque(leaf.value);
    return (isHeader || isCookie) && isFromNowhere(message, leaf, evidence);
  });
}

/**
 * A credential of which the recording does not show that the site takes it: commands without their answers, or
 * refusals.
 * @rule off: null
 */
function notLetIn(evidence: Evidence): string | null {
  for (const message of evidence.messages) {
    const leaf = message.succeeded ? undefined : credentialFromNowhere(message, evidence);
    if (leaf === undefined) continue;
    const { response } = message.trace;
    const answer = response === null
      ? "no answer is recorded"
      : `the answer has status ${response.status}`;
    return `No request hands over credentials. ${message.trace.id} carries ${
      describePlace(leaf.place)
    }, but ${answer}`;
  }
  return null;
}

/**
 * A registration happens once: what it answers is the session of somebody who is new.
 * @rule off: null
 */
function registered({ messages }: Evidence): Analysis | null {
  const message = messages.find((one) => one.succeeded && isRegistration(one));
  if (message === undefined) return null;
  return refused(
    `${message.trace.id} ${
      whatItMakes(message)
    }, which is done once, and nobody logs in after it; record a login ` +
      "with the account that is there now, from a page that only logs in",
  );
}

/** As far as the request shows it: the page that sends it is a sign and no more. */
function whatItMakes(message: Message): string {
  if (!isOfSomebody(message)) return "sets a new password";
  return isRegistrationPath(message.url.pathname) || setsPassword(message.leaves)
    ? "registers somebody"
    : "may register somebody, since a page to register on sends it";
}

/** A reset of a password names nobody: the link that was sent says whose it is. */
function isOfSomebody({ leaves, trace }: Message): boolean {
  return isSignUp(trace.request) || leaves.some(({ name }) => isIdentifierName(name));
}

/**
 * A password that stands in a text which nothing takes apart.
 * @rule off: null
 */
function hiddenPassword({ messages }: Evidence): Analysis | null {
  const message = messages.find((one) => one.succeeded && mentionsPassword(one));
  return message === undefined ? null : {
    kind: "refused",
    mayBeFound: true,
    reasons: [
      `${message.trace.id} hands a password over inside a text that is taken apart by nothing (its body); look for ` +
      'another interface of the app, and record that, or hand a session over with "keysmith auth set APP"',
    ],
  };
}

/** Shorter texts are carried on by chance. In characters. */
const MIN_HANDED_ON = 4;

/**
 * Somebody sends something, and what the answer holds goes with the requests after it under the same name:
 * that may be a login under names nobody knows.
 * @rule off: null
 */
function handedOn({ recording, messages, provenance }: Evidence): NoLogin | null {
  for (const message of messages) {
    if (message.method === "GET" || !message.succeeded || !message.fields.some(isBodyField)) {
      continue;
    }
    const carried = message.named("json").filter(({ name, text }) =>
      text.length >= MIN_HANDED_ON && provenance.carriers(text).every((carrier) =>
        carrier.message.index > message.index &&
        (carrier.leaf.name === name || isOpaque(text))
      ) && provenance.isSentAgain(text)
    ).next().value;
    if (carried === undefined) {
      continue;
    }
    const first = provenance.firstSent(carried.text)!;
    const allowed = allowedElsewhere([message], { recording, provenance });
    if (allowed !== null) {
      return { analysis: refused(allowed) };
    }
    const reason =
      `${message.trace.id} may be a login: what its answer calls "${carried.name}" goes with later requests ` +
      `(${recording.at(first).trace.id}). ${UNKNOWN_FIELDS}`;
    return {
      analysis: { kind: "refused", reasons: [reason], mayBeFound: true },
      perhaps: message.index,
    };
  }
  return null;
}

/**
 * A session that an answer gives to everybody who only reads; or to whoever sends what nobody can tell.
 * @rule off: null
 */
function guest(evidence: Evidence): NoLogin | null {
  const { recording, messages } = evidence;
  for (const message of messages) {
    for (const leaf of message.leaves) {
      const issuer = giverOf(message, leaf, evidence);
      if (issuer === undefined) continue;
      const { method, trace, leaves } = recording.at(issuer);
      // What reading earns may be of taste; what sending something earns is for who sent it.
      const isSomebodys = leaves.some(({ place }) =>
        place.kind === "text" || place.kind === "query"
      );
      if (leaf.place.kind === "cookie" && !isCredentialName(leaf.name) && !isSomebodys) continue;
      const carried = `${message.trace.id} carries ${describePlace(leaf.place)}, which ${trace.id}`;
      return method === "GET" && leaves.every(({ place }) => place.kind !== "query")
        ? none(`Nobody logs in: ${carried} gives to everybody`)
        : {
          ...none(`Nobody is seen to log in: ${carried} hands out. ${UNKNOWN_FIELDS}`),
          perhaps: issuer,
        };
    }
  }
  return null;
}

/** Index of the answer that gave a cookie, or what `Authorization` carries. */
function giverOf(
  message: Message,
  leaf: Leaf,
  evidence: Evidence,
): number | undefined {
  const { name, place, value } = leaf;
  if (place.kind === "cookie" && isOpaque(value)) return issuerOf({ message, leaf }, evidence);
  if (place.kind !== "header" || name.toLowerCase() !== "authorization") return undefined;
  const { credentials } = splitScheme(value);
  return isOpaque(credentials)
    ? evidence.provenance.find(credentials, message.index)?.index
    : undefined;
}

/**
 * One opaque value from nowhere in each request of a site: it may be a key that somebody was given.
 * @rule off: null
 */
function ownKey(evidence: Evidence): string | null {
  const read = evidence.messages.filter(({ succeeded, isScriptOrStyle, method }) =>
    succeeded && !isScriptOrStyle && method !== "OPTIONS"
  );
  for (const message of read) {
    const alike = read.filter(({ url }) => url.origin === message.url.origin);
    const leaf = message.leaves.find((one) =>
      (one.place.kind === "query" || one.place.kind === "header") &&
      isOpaque(one.value) && isFromNowhere(message, one, evidence) &&
      alike.every(({ leaves }) =>
        leaves.some(({ place, name, value }) =>
          place.kind === one.place.kind && name === one.name && value === one.value
        )
      )
    );
    if (leaf === undefined || alike.length < 2) continue;
    return `No request hands over credentials. ${
      describePlace(leaf.place)
    } is the same in each request (${message.trace.id}): where that is a key which you were given, hand it over with ` +
      '"keysmith auth set APP"';
  }
  return null;
}
