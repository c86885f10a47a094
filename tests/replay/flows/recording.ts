/** Building recorded exchanges and flows by hand. */
import type { HeaderList, Trace } from "../../../lib/http/exchange.ts";
import type { Opener } from "../../../lib/codec/openers.ts";
import type {
  Expr,
  Extraction,
  LoginFlow,
  ResultTemplate,
  Step,
} from "../../../lib/correlate/flow.ts";

/** When the recordings below were made. */
export const RECORDED_AT_MS = Date.UTC(2024, 4, 14, 9, 30, 0);

export interface Case {
  readonly flow: LoginFlow;
  readonly traces: readonly Trace[];
  /** A script that passes. */
  readonly script: string;
}

export function trace(
  id: string,
  request: { method?: string; url: string; headers?: HeaderList; body?: string },
  response: { status?: number; headers?: HeaderList; body?: string | null },
): Trace {
  const encode = (text: string | null | undefined) =>
    text === undefined || text === null ? null : new TextEncoder().encode(text);
  return {
    id,
    captureId: "c1",
    startedAtMs: RECORDED_AT_MS + Number(id.slice(2)) * 1000,
    request: {
      method: request.method ?? "GET",
      url: request.url,
      headers: request.headers ?? [],
      body: encode(request.body),
    },
    response: {
      status: response.status ?? 200,
      headers: response.headers ?? [],
      body: response.body === null ? null : encode(response.body ?? ""),
    },
    marks: [],
    noise: null,
  };
}

/** The body of a form. */
export function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

export function constant(value: string): Expr {
  return { kind: "constant", value };
}

export function input(name: string): Expr {
  return { kind: "input", input: name };
}

export function taken(id: string): Expr {
  return { kind: "extracted", extraction: id };
}

export function made(id: string): Expr {
  return { kind: "generated", generated: id };
}

export function concat(...parts: Expr[]): Expr {
  return { kind: "concat", parts };
}

export function extraction(
  id: string,
  step: string,
  locator: Extraction["locator"],
  recorded: string,
  openers: readonly Opener[] = [],
): Extraction {
  return { id, step, locator, openers, recorded };
}

/** A step with defaults: GET, no headers, no cookies, no body, 200. */
export function step(id: string, url: string, more: Partial<Step> = {}): Step {
  const parsed = new URL(url);
  return {
    id,
    trace: `t_000${id.slice(1)}`,
    method: "GET",
    url: {
      kind: "parts",
      origin: parsed.origin,
      segments: parsed.pathname.slice(1).split("/").map(constant),
      query: [],
    },
    headers: [],
    cookies: [],
    body: null,
    status: 200,
    extractions: [],
    submitsCredentials: false,
    ...more,
  };
}

export function result(more: Partial<ResultTemplate>): ResultTemplate {
  return {
    headers: [],
    cookies: null,
    bodyParams: [],
    queryParams: [],
    computed: [],
    refreshToken: null,
    expiresIn: null,
    ...more,
  };
}

export const USERNAME = {
  name: "username",
  label: "Username",
  secret: false,
  kind: "identifier",
  recorded: "alice.b",
} as const;

export const PASSWORD = {
  name: "password",
  label: "Password",
  secret: true,
  kind: "password",
  recorded: "Hunter2!blue",
} as const;

/** The source with one place changed; the place must be there. */
export function mutate(source: string, from: string, to: string): string {
  if (!source.includes(from)) throw new Error(`The script has no ${JSON.stringify(from)}`);
  return source.replace(from, () => to);
}
