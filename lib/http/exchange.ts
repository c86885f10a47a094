/** One model of an HTTP exchange for everything Keysmith reads: HAR entries, replays, live calls. */

/** Header lines in wire order, repeated names kept, names as they were recorded. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute, without fragment. */
  readonly url: string;
  /** Without HTTP/2 pseudo-headers. */
  readonly headers: HeaderList;
  /** `null` when there is none. Never content-encoded. */
  readonly body: Uint8Array | null;
}

export interface HttpResponse {
  /** 100–599. */
  readonly status: number;
  readonly headers: HeaderList;
  /** `null` when the recording does not hold it; empty when it is known to be empty. */
  readonly body: Uint8Array | null;
}

export interface Exchange {
  /** Start of the request, milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  readonly request: HttpRequest;
  /** `null` for a request that was blocked, cancelled or never answered (HAR status 0 or -1). */
  readonly response: HttpResponse | null;
}

/** Why an exchange looks related to authentication. */
export type AuthMark =
  | "url-keyword"
  | "authorization-header"
  | "status-401"
  | "status-403"
  | "credential-field";

/** Why an exchange takes no part in analysis. */
export type NoiseReason = "tracker" | "static-asset" | "preflight" | "web-socket";

/** One exchange of a capture, with its place in it. */
export interface Trace extends Exchange {
  /** `t_0001`, … in time order within a capture; unique within an app. */
  readonly id: string;
  readonly captureId: string;
  readonly marks: readonly AuthMark[];
  /** `null` for a trace that takes part. Static assets stay readable for correlation (keys in scripts). */
  readonly noise: NoiseReason | null;
}
