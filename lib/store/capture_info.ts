/** What is known about a capture, before and after it is stored. */
import type { AuthMark, Exchange, NoiseReason } from "../http/exchange.ts";
import type { SocketFrame } from "./socket_frame.ts";
import type { TypedField } from "./typed_field.ts";

/** What the importer knows about a recording. */
export interface NewCapture {
  /** Base name of the imported file. */
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly importedAt: string;
  /** Name and version of the recorder. */
  readonly creator: string;
  /** Entries of the file that are no HTTP exchange. */
  readonly skipped: number;
  /** True when credentials were left out of the recording. */
  readonly sanitised: boolean;
  /** Fields of logins, where the recorder saw them. */
  readonly typed?: readonly TypedField[];
  /** Take the bodies out once the login is proven. Default: false. */
  readonly forgetsBodies?: boolean;
}

export interface CaptureInfo extends Omit<NewCapture, "typed" | "forgetsBodies"> {
  /** `c_01`, … in the order of import. */
  readonly id: string;
  /** Number of traces. */
  readonly traces: number;
}

export interface NewTrace extends Exchange {
  readonly marks: readonly AuthMark[];
  readonly noise: NoiseReason | null;
  /** Messages of a WebSocket. */
  readonly frames?: readonly SocketFrame[];
}
