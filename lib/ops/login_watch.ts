/**
 * Understands a login while it is recorded: who handed over a password, what answers gave out, and which
 * request was let in with it. It says less than the analysis, and says it at once.
 */
import { requestCookies } from "../http/cookies.ts";
import { hasScheme } from "../http/auth_scheme.ts";
import { parseBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { textFields } from "../tools/derive/login_traffic.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { answerRefuses } from "../correlate/refused_attempt.ts";
import { Message } from "../correlate/recording.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isAntiForgeryName, isCredentialName, isPasswordName } from "../http/vocabulary.ts";
import type { NewTrace } from "../store/capture_info.ts";
import type { Seen } from "./browser_sitting.ts";

export type LoginNews =
  | { readonly kind: "request"; readonly host: string; readonly requests: number }
  | { readonly kind: "field"; readonly field: "identifier" | "password" | "one-time-code" }
  | { readonly kind: "login"; readonly host: string; readonly path: string }
  | { readonly kind: "refused"; readonly host: string; readonly status: number }
  /** A request was let in with it after the login: `Authorization` of `api.shop.example`. */
  | { readonly kind: "credential"; readonly name: string; readonly host: string };

export class LoginWatch {
  #requests = 0;
  #hasSubmitted = false;
  readonly #secrets = new Set<string>();
  /** Values that went out before the login: none of them is its fruit. */
  readonly #before = new Set<string>();
  readonly #told = new Set<string>();
  #isLoggedIn = false;

  /** True once a login was accepted and a later request was let in with what it gave. */
  get isLoggedIn(): boolean {
    return this.#isLoggedIn;
  }

  see(seen: Seen): LoginNews[] {
    if (seen.kind === "exchange") return this.#exchange(seen.trace);
    const { kind, value } = seen.field;
    if (kind !== "identifier") this.#secrets.add(value);
    return [{ kind: "field", field: kind }];
  }

  #exchange(trace: NewTrace): LoginNews[] {
    const url = parseUrl(trace.request.url);
    if (url === null || trace.noise !== null) return [];
    const counted = { kind: "request", host: url.host, requests: ++this.#requests } as const;
    const status = trace.response?.status ?? 0;
    const credentials = credentialsOf(trace);
    if (this.#isSubmission(trace)) {
      for (const { value } of credentials) this.#before.add(value);
      const isRefused = answerRefuses(new Message(0, { ...trace, id: "", captureId: "" }));
      if (!isRefused) this.#hasSubmitted = true;
      const news: LoginNews = isRefused
        ? { kind: "refused", host: url.host, status }
        : { kind: "login", host: url.host, path: url.pathname };
      return [
        counted,
        ...isRefused || this.#once(`login ${url.host}${url.pathname}`) ? [news] : [],
      ];
    }
    if (!this.#hasSubmitted && status >= 200 && status < 300 && isBrowsersLogin(trace)) {
      return [counted, ...this.#credential("Authorization", url.host)];
    }
    if (!this.#hasSubmitted) {
      for (const { value } of credentials) this.#before.add(value);
      return [counted];
    }
    const fresh = status >= 200 && status < 300
      ? credentials.filter(({ value }) => !this.#before.has(value))
      : [];
    return [counted, ...fresh.flatMap(({ name }) => this.#credential(name, url.host))];
  }

  #credential(name: string, host: string): LoginNews[] {
    this.#isLoggedIn = true;
    return this.#once(`${name} ${host}`) ? [{ kind: "credential", name, host }] : [];
  }

  #once(key: string): boolean {
    const isNew = !this.#told.has(key);
    this.#told.add(key);
    return isNew;
  }

  #isSubmission({ request, marks }: NewTrace): boolean {
    if (request.method === "GET") return false;
    if (marks.includes("credential-field") && handsOverPassword(request)) return true;
    const text = request.body === null ? "" : new TextDecoder().decode(request.body);
    const sent = [text, decoded(text)];
    return [...this.#secrets].some((secret) => sent.some((body) => body.includes(secret)));
  }
}

/** Fields are named for secrets that every form of a page carries, too: its anti-forgery token. */
function handsOverPassword(request: HttpRequest): boolean {
  return textFields(parseBody(request.headers, request.body)).some(([name, value]) =>
    value !== "" && isPasswordName(name)
  );
}

/** Credentials that a browser asked for by itself (RFC 9110 section 11.6.2): no request hands them over. */
function isBrowsersLogin({ request }: NewTrace): boolean {
  const authorization = headerValue(request.headers, "authorization") ?? "";
  return request.method === "GET" &&
    (hasScheme(authorization, "basic") || hasScheme(authorization, "digest"));
}

interface Credential {
  readonly name: string;
  readonly value: string;
}

/** Headers whose names say so, and cookies that are not a bystander's. */
function credentialsOf({ request }: NewTrace): Credential[] {
  const headers = request.headers.filter(([name]) =>
    name.toLowerCase() !== "cookie" && isCredentialName(name)
  ).map(([name, value]) => ({ name, value }));
  const authorization = headerValue(request.headers, "authorization");
  const known = headers.some(({ name }) => name.toLowerCase() === "authorization");
  const bearer = authorization === undefined || known
    ? []
    : [{ name: "Authorization", value: authorization }];
  const cookies = requestCookies(request.headers)
    .filter(([name]) => !isBystanderCookie(name) && !isAntiForgeryName(name))
    .map(([name, value]) => ({ name: `cookie ${name}`, value }));
  return [...headers, ...bearer, ...cookies];
}

/** A form's body as it was typed. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
