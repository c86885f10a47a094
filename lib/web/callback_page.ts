/**
 * The loopback page an OAuth provider sends the user back to (RFC 8252 section 7.3). It answers a browser that
 * goes to one path under one host name and port, shows a fixed text whatever the request says, and is gone
 * after the login. Requests under another name (DNS rebinding) and those that other pages make in the
 * background are no answers of a provider.
 */
import { Hono, type HonoRequest } from "hono";
import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type {
  BrowserLogin,
  CallbackListener,
  CallbackOptions,
  CallbackRequest,
} from "../base/browser_login.ts";
import { AppError } from "../base/error.ts";
import { type Markup, page, STYLE, STYLE_PATH } from "./page_frame.ts";
import { openBrowser } from "./open_browser.ts";

type Outcome = Parameters<CallbackRequest["respond"]>[0];

const PAGES: Readonly<Record<Outcome, readonly [title: string, text: string]>> = {
  accepted: ["Logged in", "You are logged in. Close this page and go back to where you began."],
  refused: ["Not logged in", "The login was refused. Where you began it, you are told why."],
  ignored: ["Nothing to see here", "This address does not belong to a login that is going on."],
};

/** The browser of the user at this machine. */
export function loopbackBrowser(): BrowserLogin {
  return { listen, open: openBrowser };
}

function listen(options: CallbackOptions): Promise<CallbackListener> {
  const waiting = new Waiting();
  const { hostname } = options;
  const host = () => `${hostname}:${server.addr.port}`;
  const server = serve(options, callbackApp({ ...options, host }, waiting));
  return Promise.resolve({
    port: server.addr.port,
    next: (signal) => waiting.next(signal),
    close: async () => {
      waiting.close();
      await server.shutdown();
    },
  });
}

function serve(options: CallbackOptions, app: Hono): Deno.HttpServer<Deno.NetAddr> {
  const hostname = options.hostname.replace(/^\[|\]$/g, "");
  try {
    return Deno.serve({ hostname, port: options.port, onListen: () => {} }, app.fetch);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new AppError("UNSUPPORTED", `Port ${options.port} is in use by another program`, {
      hint: `Choose another "callbackPort" in the secret, or end that program`,
      cause: error,
    });
  }
}

interface AppOptions extends CallbackOptions {
  /** Host and port it is known by. */
  readonly host: () => string;
}

function callbackApp({ host, path }: AppOptions, waiting: Waiting): Hono {
  const app = new Hono();
  app.use(secureHeaders({
    // The address holds the provider's code.
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  }));
  app.use(async (context, next) => {
    context.header("Cache-Control", "no-store");
    const isOurs = context.req.header("host") === host();
    return isOurs ? await next() : context.html(outcomePage("ignored"), 404);
  });
  app.get(path, async (context) => {
    const outcome = isNavigation(context.req)
      ? await waiting.deliver(new URL(context.req.url))
      : "ignored";
    return context.html(outcomePage(outcome), outcome === "ignored" ? 404 : 200);
  });
  app.get(STYLE_PATH, (context) => context.body(STYLE, 200, { "Content-Type": "text/css" }));
  app.notFound((context) => context.html(outcomePage("ignored"), 404));
  return app;
}

/** What a browser sends when its user is led here; a page that fetches it says so (Fetch Metadata, section 2). */
function isNavigation(request: HonoRequest): boolean {
  const mode = request.header("sec-fetch-mode") ?? "navigate";
  const destination = request.header("sec-fetch-dest") ?? "document";
  return mode === "navigate" && destination === "document" &&
    request.header("origin") === undefined;
}

function outcomePage(outcome: Outcome): Markup {
  const [title, text] = PAGES[outcome];
  return page(
    title,
    html`
      <p class="${{ accepted: "good", refused: "bad", ignored: "quiet" }[outcome]}">${text}</p>
    `,
  );
}

/** Hands requests to whoever waits for the next one; those that nobody waits for are kept in order. */
class Waiting {
  readonly #requests: CallbackRequest[] = [];
  readonly #answers = new Set<(outcome: Outcome) => void>();
  #wake: (() => void) | null = null;

  /** Resolves with what the login made of the request. */
  deliver(url: URL): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#answers.add(resolve);
      const respond = (outcome: Outcome) => {
        this.#answers.delete(resolve);
        resolve(outcome);
      };
      this.#requests.push({ url, respond });
      this.#wake?.();
    });
  }

  async next(signal: AbortSignal): Promise<CallbackRequest> {
    for (;;) {
      signal.throwIfAborted();
      const request = this.#requests.shift();
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Answers whoever still waits, so that the server can shut down. */
  close(): void {
    for (const answer of this.#answers) answer("ignored");
    this.#answers.clear();
  }
}
