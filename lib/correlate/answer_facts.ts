/** What a recorded answer looked like, for the checks a script makes on the live one. */
import type { Locator } from "../codec/locators.ts";
import type { Trace } from "../http/exchange.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { isCredentialName } from "../http/vocabulary.ts";
import type { LoginFlow } from "./flow.ts";
import { Message } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

export interface AnswerFacts {
  /** Path of the redirect target when nothing in it changes by session; else `null`. */
  readonly redirectPath: string | null;
  readonly isPage: boolean;
  /** The page has a password box. */
  readonly hasPasswordBox: boolean;
  /** Cookies of the result that this answer sets. */
  readonly sessionCookies: readonly string[];
  /** Where the answer gives the `state` back that the client made up; `null` where it does not. */
  readonly returnedState: ReturnedState | null;
}

/** RFC 6749 section 4.1.2: an answer to an authorization request holds the `state` of the request. */
export interface ReturnedState {
  /**
   * A parameter of the redirect target; or a field of the page of `form_post` (OAuth 2.0 Form Post Response Mode),
   * whose script sends that form on.
   */
  readonly locator: Extract<Locator, { readonly kind: "location-param" | "form-field" }>;
  /** `Generated.id` of what was sent. */
  readonly generated: string;
}

/** Facts about the answers of the flow's steps, by trace. */
export function answerFacts(
  traces: readonly Trace[],
  flow: LoginFlow,
): ReadonlyMap<string, AnswerFacts> {
  const wanted = new Set(flow.steps.map(({ trace }) => trace));
  const facts = new Map<string, AnswerFacts>();
  for (const trace of traces) {
    if (!wanted.has(trace.id)) continue;
    const message = new Message(0, trace);
    const path = message.location?.pathname ?? null;
    const changes = path !== null &&
      (path.split("/").some((segment) => isOpaque(segment)) ||
        flow.inputs.some(({ recorded }) => recorded.length >= 3 && path.includes(recorded)));
    facts.set(trace.id, {
      redirectPath: changes ? null : path,
      isPage: message.page !== null,
      sessionCookies: sessionCookies(message, flow),
      returnedState: stateInTarget(message.location, flow) ?? stateInForm(message, flow),
      hasPasswordBox: /type\s*=\s*["']?password/i.test(message.responseText),
    });
  }
  return facts;
}

/** What an authorization answer hands over beside the state (RFC 6749 section 4.1.2, OpenID Connect Core 3). */
const ANSWERED = ["code", "id_token", "access_token"];

function stateInForm({ page }: Message, { generated }: LoginFlow): ReturnedState | null {
  for (const [form, { inputs }] of (page?.forms ?? []).entries()) {
    if (!inputs.some(({ name }) => ANSWERED.includes(name))) continue;
    const state = inputs.find(({ name }) => name === "state")?.value;
    const sent = generated.find(({ recorded }) => recorded === state);
    if (sent !== undefined) {
      return { locator: { kind: "form-field", form, name: "state" }, generated: sent.id };
    }
  }
  return null;
}

function stateInTarget(location: URL | null, { generated }: LoginFlow): ReturnedState | null {
  if (location === null) return null;
  const parts = { query: location.search, fragment: location.hash } as const;
  for (const part of ["query", "fragment"] as const) {
    const state = new URLSearchParams(parts[part].slice(1)).get("state");
    const sent = generated.find(({ recorded }) => recorded === state);
    if (sent !== undefined) {
      return { locator: { kind: "location-param", part, name: "state" }, generated: sent.id };
    }
  }
  return null;
}

/**
 * Names that hold an id of the user or of the server's instance are left out: the next session's cookie
 * has another name.
 */
function sessionCookies(message: Message, flow: LoginFlow): string[] {
  const names = message.setCookies
    .filter((cookie) => !endsCookie(cookie, message.trace.startedAtMs))
    .map(({ name }) => name);
  return [...new Set(names)].filter((name) =>
    (flow.result.cookies?.names ?? []).includes(name) && isCredentialName(name) &&
    !isOpaque(name) && !name.split(/[^A-Za-z0-9]+/).some(isOpaque)
  );
}
