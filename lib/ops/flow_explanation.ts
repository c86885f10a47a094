/**
 * A login flow as people and programs read it: what each step sends and takes, and for each value
 * where it comes from and where it goes. Names and places only: no recorded value is in it.
 */

/** Text, or a value by its name: `["Bearer ", { value: "access_token" }]`. */
export type Piece = string | { readonly value: string };

/** A place where nothing is sent: what the user is asked to do elsewhere, before the request is made. */
export const ASKED_OF_USER = "question to you";

/** What a login asks for whose user allows it elsewhere. */
export const APPROVAL = "your approval on another device";

export interface SentValue {
  /** `header X-Token`, `cookie sid`, `query state`, `body user.name`, `path segment 2`, `address`. */
  readonly place: string;
  readonly from: readonly Piece[];
  readonly kind: "constant" | "typed" | "made" | "taken" | "cookie" | "computed" | "unexplained";
}

export interface TakenValue {
  /** A `FlowValue.name`. */
  readonly value: string;
  /** `body data.token`, `form field "csrf"`, `cookie "sid"`. */
  readonly place: string;
}

export interface FlowStep {
  /** `s1`, …; of a refresh `r1`, …. */
  readonly id: string;
  readonly trace: string;
  readonly method: string;
  /** `host:port`. */
  readonly host: string;
  /** `/users/{user_id}`: what changes by session is in braces or hidden. */
  readonly path: string;
  readonly status: number;
  readonly submitsCredentials: boolean;
  /** Names of the values the user is asked for just before this step. */
  readonly asks: readonly string[];
  readonly sends: readonly SentValue[];
  readonly takes: readonly TakenValue[];
}

/** A value that the flow moves from one place to another. */
export interface FlowValue {
  /** Unique in the flow: `csrf_token`, `cookie sid`. */
  readonly name: string;
  readonly kind: "typed" | "made" | "taken" | "cookie";
  /** `typed by the user as "Password"`, `t_0003 response form field "csrf"`. */
  readonly origin: string;
  /** The step whose answer holds it; `null` for what the user types or the client makes. */
  readonly step: string | null;
  readonly uses: readonly { readonly step: string; readonly place: string }[];
}

export interface FlowYield {
  /** `result`, or `refreshed` for a refresh. Stands for a step in `FlowValue.uses`. */
  readonly id: "result" | "refreshed";
  /** What requests to the API carry. */
  readonly carries: readonly SentValue[];
  /** Kept for later: the refresh token. */
  readonly keeps: readonly SentValue[];
  /** Where the lifetime comes from; `null` when nothing tells. */
  readonly expiresIn: string | null;
}

export interface ExplainedFlow {
  readonly values: readonly FlowValue[];
  readonly steps: readonly FlowStep[];
  readonly yields: FlowYield;
  readonly refresh: {
    readonly source: "recorded" | "inferred";
    readonly steps: readonly FlowStep[];
    readonly yields: FlowYield;
  } | null;
}

/** Of the steps that prove, and of each request with what the login yields. */
export const KEY_PROOF: SentValue = {
  place: "header DPoP",
  from: ["made for each request, with a key that the login makes and keeps (RFC 9449)"],
  kind: "made",
};
