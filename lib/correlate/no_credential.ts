/** What is said of a login that hands out nothing which a script could reproduce. Each sentence has its evidence. */
import { isOpaque } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import { isOfEachRequest } from "./client_made.ts";
import { earlierCredentials, isFromNowhere, isSessions } from "./earlier_session.ts";
import type { Analysis } from "./flow.ts";
import { type LoginRequest, tracesOf } from "./login_run.ts";
import { carriesSession, type LoginSpan } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message, Recording } from "./recording.ts";
import { sessionInPath } from "./session_path.ts";
import { hiddenByComputing, loginLikeRequests, obstacles, refused, REMAINS } from "./refusals.ts";

export function noCredential(
  run: readonly LoginRequest[],
  span: LoginSpan,
  evidence: Evidence,
): Analysis {
  const { recording, messages } = evidence;
  const requests = loginLikeRequests(messages);
  const hidden = [...obstacles(requests, recording), ...hiddenByComputing(requests)];
  if (hidden.length > 0) return refused(...hidden);
  const traces = tracesOf(run, recording);
  const later = messages.filter((message) =>
    message.index > span.last && message.succeeded && !message.isScriptOrStyle &&
    message.method !== "OPTIONS"
  );
  const reason = unreadAnswer(run, recording) ?? earlierSession(traces, span, evidence) ??
    sessionInPath(later, evidence.provenance) ?? fixedCarrier(traces, run, recording);
  if (reason !== null) return refused(reason);
  const made = madeByPage(traces, later, evidence);
  if (made !== null) return { kind: "refused", reasons: [made], mayBeFound: true };
  return refused(
    passwordAgain(traces, run, later, recording) ?? nothingCarried(traces, span, later, evidence),
  );
}

function nothingCarried(
  traces: string,
  span: LoginSpan,
  later: readonly Message[],
  evidence: Evidence,
): string {
  const carrier = later.find(({ cookies, ownHeaders }) =>
    carriesSession({
      cookies,
      ownHeaders: ownHeaders.filter((leaf) => !isOfEachRequest(leaf, evidence.recording)),
    })
  );
  if (carrier !== undefined) {
    return `There is a login (${traces}), but the credential that ${carrier.trace.id} carries is not seen to ` +
      "come from it; record the whole login again, from a private window";
  }
  const sentOn = valueSentOn(traces, span, later, evidence);
  if (sentOn !== null) return sentOn;
  if (later.length === 0) {
    return `The recording ends with the login (${traces}): no request follows that could show what it handed out; ` +
      "record again and, once signed in, use the app for a few clicks before you stop";
  }
  const shown = later.slice(0, 3).map(({ trace }) => trace.id).join(", ");
  return `There is a login (${traces}), but the requests after it (${shown}) carry no credential: either the app ` +
    "answers anybody, or the recording was exported without " +
    'cookies and authorization ("HAR with sensitive data" in the developer tools\' settings)';
}

/** What the login handed out is sent in a field without a credential's name, by one request or by few. @rule off: null */
function valueSentOn(
  traces: string,
  { first, end }: LoginSpan,
  later: readonly Message[],
  { provenance }: Evidence,
): string | null {
  for (const { fields, trace, index } of later) {
    const leaf = fields.find(({ value }) => {
      const issuer = isOpaque(value) ? provenance.find(value, index) : null;
      return issuer !== null && issuer.index >= first && issuer.index <= end;
    });
    if (leaf === undefined) continue;
    return `There is a login (${traces}), and ${trace.id} sends a value that it handed out (${
      describePlace(leaf.place)
    }), but too few requests do to tell the session from an id; record again and, once signed in, use the app ` +
      "for a few clicks more";
  }
  return null;
}

/** @rule off: null */
function unreadAnswer(run: readonly LoginRequest[], recording: Recording): string | null {
  const unread = run.find(({ index }) => {
    const { trace, location } = recording.at(index);
    return trace.response?.body === null && location === null;
  });
  return unread === undefined
    ? null
    : `The recording does not hold the body of the login's answer (${
      recording.at(unread.index).trace.id
    }), from which the credentials come; record again and export with content, before the page leaves the ` +
      "developer tools' memory";
}

/** The app's requests carry a credential from before the recording. @rule off: null */
function earlierSession(
  traces: string,
  span: LoginSpan,
  evidence: Evidence,
): string | null {
  const isCookie = ({ place, name }: Leaf) => place.kind === "cookie" && !isBystanderCookie(name);
  // Where nothing else goes with the requests, the session can be in nothing but a cookie, however plain.
  const first = earlierCredentials(evidence, span)[0] ??
    earlierCredentials(evidence, span, isCookie)[0];
  if (first === undefined) return null;
  return `The session was there before the recording: ${first.message.trace.id} already carries ` +
    `${
      describePlace(first.leaf.place)
    }, which no answer hands out and later requests still carry, and nothing that the login (${traces}) ` +
    "gives is carried in its place. Record again from a private window, starting before the login page is " +
    'opened; or use the recorded session with "keysmith auth extract APP"';
}

/**
 * Where a later request holds a value of the login's answer in its path or in a body of text.
 * @rule off: null
 */
function fixedCarrier(
  traces: string,
  run: readonly LoginRequest[],
  recording: Recording,
): string | null {
  for (const { index } of run) {
    const issued = recording.at(index).responseText.split(/[^\w.:+=-]+/).filter(isOpaque);
    for (const { leaves, trace } of recording.messages.slice(index + 1)) {
      const leaf = leaves.find(({ place, value }) =>
        (place.kind === "text" || place.kind === "path") &&
        issued.some((part) => value.includes(part))
      );
      if (leaf === undefined) continue;
      return `There is a login (${traces}), but later requests carry what it handed out where nothing can be ` +
        `put in (${trace.id} ${
          describePlace(leaf.place)
        }): in the path, or in a body that is not JSON, form or ` +
        "XML; look for another interface of the app, and record that";
    }
  }
  return null;
}

/**
 * A credential first sent after the login that stands in no answer: the page made it out of something.
 * @rule off: null
 */
function madeByPage(
  traces: string,
  later: readonly Message[],
  evidence: Evidence,
): string | null {
  for (const message of later) {
    const leaf = message.leaves.find((candidate) =>
      (isSessions(candidate) ||
        isOwnSecret(candidate.name, candidate.place.kind, candidate.value)) &&
      isFromNowhere(message, candidate, evidence)
    );
    if (leaf === undefined) continue;
    return `After the login (${traces}) requests carry a value that no answer holds as it is (${message.trace.id} ${
      describePlace(leaf.place)
    }): ${
      leaf.place.kind === "cookie"
        ? "a script of the page wrote it, or the recorder left its Set-Cookie out"
        : "the page makes it"
    }, and no tried computation over what was typed and answered yields it. ` +
      'Telling what was typed with "keysmith auth analyze APP --answers FILE" lets more be tried; or ' +
      REMAINS;
  }
  return null;
}

/**
 * Each request carries the password again, among other arguments of the login's: these no script can put in.
 * @rule off: null
 */
function passwordAgain(
  traces: string,
  run: readonly LoginRequest[],
  later: readonly Message[],
  recording: Recording,
): string | null {
  /** Where the login sent the same and nobody typed it, it is a word of the protocol. */
  const isOwnWord = (leaf: Leaf) =>
    run.some(({ index, typed }) =>
      recording.at(index).leaves.some((sent) =>
        describePlace(sent.place) === describePlace(leaf.place) && sent.value === leaf.value &&
        typed.every(({ place }) => describePlace(place) !== describePlace(leaf.place))
      )
    );
  const passwords = new Set(
    run.flatMap(({ typed }) => typed).filter(({ kind }) => kind === "password")
      .map(({ value }) => value),
  );
  for (const { leaves, trace } of later) {
    const leaf = leaves.find((one) => passwords.has(one.value) && !isOwnWord(one));
    if (leaf === undefined) continue;
    return `The login (${traces}) hands out no token: later requests carry the password itself again ` +
      `(${trace.id} ${
        describePlace(leaf.place)
      }) beside what it answered, where a script can put nothing in; ` +
      "look for another interface of the app, and record that";
  }
  return null;
}

/**
 * A header of the application's own with an opaque value, whatever it is called.
 * @rule off: false
 */
function isOwnSecret(name: string, kind: string, value: string): boolean {
  return kind === "header" && /^x-/i.test(name) && isOpaque(value) && value.length >= 16;
}
