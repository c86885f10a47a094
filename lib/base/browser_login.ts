/**
 * The user's browser as a login uses it: a listener on this machine for the answer, and a way to open a
 * URL. Whoever has a loopback page to show implements it; without one a login asks for the URL the
 * browser ended on.
 */
export interface BrowserLogin {
  /** Starts to listen on a loopback address. */
  listen(options: CallbackOptions): Promise<CallbackListener>;
  /** Opens an https URL, or an http one on this machine; false when there is no browser to open. */
  open(url: string): Promise<boolean>;
}

export interface CallbackOptions {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The exact path of the redirect URI. */
  readonly path: string;
}

export interface CallbackListener {
  /** The port it listens on. */
  readonly port: number;
  /** The next request to exactly the path. Rejects when the signal is aborted. */
  next(signal: AbortSignal): Promise<CallbackRequest>;
  close(): Promise<void>;
}

export interface CallbackRequest {
  readonly url: URL;
  /** Answers with a static page. `ignored`: it was no answer to this login. */
  respond(outcome: "accepted" | "refused" | "ignored"): void;
}
