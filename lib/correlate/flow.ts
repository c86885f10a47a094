/**
 * The login flow: the minimal ordered steps that produce the credentials later requests carry. It is
 * plain data. `script/` writes it as TypeScript, `replay/` evaluates it under fresh values to know
 * what a script must send, `auth explain` prints it.
 */
import type { JsonPrimitive } from "../codec/json_text.ts";
import type { Place } from "../codec/place.ts";
import type { TransformOp } from "../codec/transforms.ts";
import type { ProofAlgorithm } from "../http/key_proof.ts";
import type { FoundFunction } from "./found_function.ts";

/** Something made of atoms: as they are, joined, transformed, or computed by a function. */
export type ExprOver<Atom> =
  | Atom
  | { readonly kind: "concat"; readonly parts: readonly ExprOver<Atom>[] }
  | {
    readonly kind: "transform";
    readonly op: TransformOp;
    readonly args: readonly ExprOver<Atom>[];
  }
  /** By a function of a model's own. */
  | {
    readonly kind: "call";
    /** `FoundFunction.name`. */
    readonly function: string;
    readonly args: readonly ExprOver<Atom>[];
    readonly yields: "text" | "bytes";
    /**
     * What it yielded with the recorded values, bytes in base64; `null` where the recording does not hold all of
     * them. Secret.
     */
    readonly recorded: string | null;
  };

/** How a value that a request carries comes to be. */
export type Expr = ExprOver<
  /** The same in every session: endpoint, public client id, version header. */
  | { readonly kind: "constant"; readonly value: string }
  /** Typed by the user; `input` is an `Input.name`. */
  | { readonly kind: "input"; readonly input: string }
  /** Taken from an earlier response; `extraction` is an `Extraction.id`. */
  | { readonly kind: "extracted"; readonly extraction: string }
  /** Made by the client; `generated` is a `Generated.id`. */
  | { readonly kind: "generated"; readonly generated: string }
  /** The refresh token given to `refresh_token()`. Only inside a refresh flow. */
  | { readonly kind: "refresh-token" }
>;

/** Something the user is asked for. */
export interface Input {
  /** An identifier: `username`, `password`, `one_time_code`. */
  readonly name: string;
  /** What the prompt says: `Username`, `Password`. */
  readonly label: string;
  readonly secret: boolean;
  readonly kind: "identifier" | "password" | "one-time-code" | "api-key" | "link" | "other";
  /** The recorded value. Secret: never printed, never in a script. */
  readonly recorded: string;
  /** True where a script may ask for it and need not: something may be computed from it. */
  readonly isOptional?: boolean;
}

/** A value the client makes up, fresh in each run. */
export interface Generated {
  readonly id: string;
  readonly shape:
    | { readonly kind: "uuid" }
    /** PKCE verifier: 43–128 unreserved characters (RFC 7636 section 4.1). */
    | { readonly kind: "pkce-verifier"; readonly length: number }
    /** `length` characters of `alphabet`. */
    | { readonly kind: "random"; readonly length: number; readonly alphabet: string }
    /** Random bytes in base64, as WS-Security writes a nonce; `length` in bytes. */
    | { readonly kind: "random-bytes"; readonly length: number }
    | { readonly kind: "timestamp"; readonly unit: "s" | "ms" | "iso" };
  readonly recorded: string;
}

/** A value taken from a step's response. It must yield exactly the recorded value, once. */
export interface Extraction extends Place {
  /** An identifier, unique in the flow: `access_token`, `csrf_token_2`. */
  readonly id: string;
  /** `Step.id` of the response it is taken from. */
  readonly step: string;
  /** Secret: never printed, never in a script. */
  readonly recorded: string;
}

export type JsonTemplate =
  | { readonly kind: "literal"; readonly value: JsonPrimitive }
  /** A leaf computed by an expression. `number`/`boolean`: the text is parsed as JSON. */
  | { readonly kind: "expr"; readonly expr: Expr; readonly as: "string" | "number" | "boolean" }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonTemplate])[] }
  | { readonly kind: "array"; readonly items: readonly JsonTemplate[] };

export type BodyTemplate =
  | {
    readonly kind: "form" | "multipart";
    readonly fields: readonly (readonly [string, Expr])[];
    /** By their recorded names, how fields are called that the page calls otherwise in each load. */
    readonly names?: readonly (readonly [recorded: string, Expr])[];
    /** Label of the encoding of a form that is no multipart, where it is another one than UTF-8. */
    readonly charset?: string;
  }
  | { readonly kind: "json"; readonly contentType: string; readonly value: JsonTemplate }
  | { readonly kind: "text"; readonly contentType: string; readonly value: Expr };

export type UrlTemplate =
  /** A whole URL from an earlier response: a redirect target, a form action. */
  | { readonly kind: "whole"; readonly expr: Expr }
  | {
    readonly kind: "parts";
    /** `https://host[:port]`. */
    readonly origin: string;
    /** Decoded segments; `/a/b` is `["a", "b"]`, `/` is `[""]`. */
    readonly segments: readonly Expr[];
    readonly query: readonly (readonly [string, Expr])[];
    /** Parameters of the query without a sign of equality, as they are written: `/login` of `?/login&v=2`. */
    readonly bare?: readonly string[];
  };

/** A cookie a step sends. */
export interface StepCookie {
  readonly name: string;
  /** `jar`: set by an earlier step of the flow and kept by the cookie jar. Else written by the client. */
  readonly value: { readonly kind: "jar" } | { readonly kind: "client"; readonly expr: Expr };
  /** Secret. */
  readonly recorded: string;
}

/** One request of the flow, and what is taken from its answer. */
export interface Step {
  /** `s1`, `s2`, … in order. */
  readonly id: string;
  /** The trace this step reproduces. */
  readonly trace: string;
  readonly method: string;
  readonly url: UrlTemplate;
  /** The headers to send. Not among them: `Cookie`, `Host`, `Content-Length`, what a client sends by itself. */
  readonly headers: readonly (readonly [name: string, value: Expr])[];
  readonly cookies: readonly StepCookie[];
  readonly body: BodyTemplate | null;
  readonly status: number;
  readonly extractions: readonly Extraction[];
  /** True for the step that hands the credentials over: its refusal means wrong credentials. */
  readonly submitsCredentials: boolean;
  /** Carries a proof of the login's key. */
  readonly proves?: true;
  /** What the user is asked to do elsewhere, and to confirm, before the request is made. */
  readonly approval?: Expr;
}

/** What the flow yields, as templates of an `AuthResult`. */
export interface ResultTemplate {
  readonly headers: readonly (readonly [name: string, value: Expr])[];
  /**
   * The session cookies of the API, sent as one `Cookie` header: everything the jar holds for `urls`
   * (several where cookies are bound to paths), after `client` cookies were put into it. `names` are
   * the recorded names that matter; a name that holds an input or an extracted value is expected in
   * its fresh form. `null` when no cookie matters.
   */
  readonly cookies: {
    readonly urls: readonly string[];
    /** How `urls` come to be, where what was typed stands in one of them. */
    readonly addresses?: readonly Expr[];
    readonly names: readonly string[];
    readonly client: readonly (readonly [name: string, value: Expr])[];
  } | null;
  /** Keys as in `AuthResult.body_params`. */
  readonly bodyParams: readonly (readonly [path: string, value: Expr])[];
  readonly queryParams: readonly (readonly [name: string, value: Expr])[];
  readonly computed: readonly { readonly kind: "http_digest"; username: Expr; password: Expr }[];
  readonly refreshToken: Expr | null;
  /**
   * Seconds: taken from the answer, from a JWT's `exp`, or a constant: a cookie's lifetime, or what was
   * left until the moment that the answer named for the token's end.
   */
  readonly expiresIn:
    | { readonly kind: "expr"; readonly expr: Expr }
    | { readonly kind: "jwt-exp"; readonly token: Expr }
    | { readonly kind: "constant"; readonly seconds: number; readonly told?: "moment" }
    | null;
}

export interface RefreshFlow {
  readonly source: "recorded" | "inferred";
  readonly steps: readonly Step[];
  readonly result: ResultTemplate;
}

export interface LoginFlow {
  readonly inputs: readonly Input[];
  readonly generated: readonly Generated[];
  readonly steps: readonly Step[];
  readonly result: ResultTemplate;
  readonly refresh: RefreshFlow | null;
  /** `host:port` of every step, and of the refresh. */
  readonly hosts: readonly string[];
  /** Origins whose requests carry the credentials. */
  readonly apiOrigins: readonly string[];
  /** A recorded safe request that carries the credentials, for the probe after a live login. */
  readonly probe: RecordedProbe | null;
  /** Such requests to other endpoints, to learn from more than one answer. */
  readonly moreProbes?: readonly RecordedProbe[];
  /** What a key is made for that requests prove to have (DPoP, RFC 9449). */
  readonly proof?: ProofAlgorithm;
  /** Functions of a model's own that expressions call. */
  readonly functions?: readonly FoundFunction[];
}

export interface RecordedProbe {
  readonly trace: string;
  readonly method: string;
  readonly url: string;
}

/** One line of the explanation: what a request carries and where that comes from. No secret in it. */
export interface ExplainedValue {
  /** `t_0007 POST /login body password`. */
  readonly where: string;
  /** `typed by the user`, `t_0005 response form field "csrf"`, `constant`. */
  readonly from: string;
  readonly kind:
    | "credential"
    | "one-time-code"
    | "input"
    | "constant"
    | "generated"
    | "extracted"
    | "computed"
    | "cookie"
    | "approval"
    | "unexplained";
}

/** A value of the login that nothing explains. */
export interface UnexplainedValue {
  readonly trace: string;
  /** As `describePlace()` names it: `body proof`. */
  readonly place: string;
  /** Secret. */
  readonly value: string;
}

/** A flow in which something is open. */
export interface OpenFlow {
  readonly flow: LoginFlow;
  readonly values: readonly ExplainedValue[];
  readonly gaps: readonly UnexplainedValue[];
}

/** What `correlate/` answers. */
export type Analysis =
  /** Everything is explained. */
  | { readonly kind: "flow"; flow: LoginFlow; values: readonly ExplainedValue[] }
  /** A login is there, but part of it is unexplained: `reasons` says which value of which trace. */
  | OpenFlow & { readonly kind: "draft"; reasons: readonly string[] }
  /** No login in the capture; `open` is there where a request may be one, and nothing says what of it was typed. */
  | { readonly kind: "none"; reasons: readonly string[]; readonly open?: OpenFlow }
  /**
   * A login that cannot be reproduced by a script; each reason says what to do instead. `open` is there where
   * nothing stands against one but values that nobody has derived yet; `mayBeFound` where no login is made out
   * because of what a page computes or of what its fields are called.
   */
  | {
    readonly kind: "refused";
    reasons: readonly string[];
    readonly open?: OpenFlow;
    readonly mayBeFound?: true;
  };
