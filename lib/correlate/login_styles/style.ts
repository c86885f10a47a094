/**
 * A login style: one way in which a recording without a submitted password still holds a login. Each
 * style has a file here, the table of them stands in `../without_login.ts`.
 */
import type { AppOrigins } from "../app_origins.ts";
import type { Analysis } from "../flow.ts";
import type { Leaf } from "../leaves.ts";
import type { CredentialSubmission, LoginRequest } from "../login_run.ts";
import type { Occurrences } from "../occurrences.ts";
import type { Message, Recording } from "../recording.ts";
import type { TypedValue } from "../typed_value.ts";

/** What the styles look at. */
export interface Evidence {
  readonly recording: Recording;
  readonly provenance: Occurrences;
  readonly app: AppOrigins;
  /** The messages of the app's own origins. */
  readonly messages: readonly Message[];
  /** Requests that hand a password or a code over; where a style is asked, all of them were refused. */
  readonly submissions: readonly CredentialSubmission[];
  /** What the user told was typed. */
  readonly hints: readonly TypedValue[];
}

/** What takes the place of a login: requests to treat as its steps, or the finished answer. */
export type FoundLogin =
  | {
    readonly submissions: readonly LoginRequest[];
    /** Why no script can be had while nobody has found out what the page computes. */
    readonly hidden?: readonly string[];
  }
  | NoLogin;

export interface NoLogin {
  readonly analysis: Analysis;
  /** Index of a request that may be a login all the same: nothing says what of it was typed. */
  readonly perhaps?: number;
}

/** A login of one request. */
export function loginBy(
  { index }: Message,
  typed: readonly TypedValue[],
  computed: readonly Leaf[] = [],
): FoundLogin {
  return { submissions: [{ index, typed, computed: computed.map(({ place }) => place) }] };
}

export type LoginStyle = (evidence: Evidence) => FoundLogin | null;
