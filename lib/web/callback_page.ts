/**
 * The loopback page an OAuth provider sends the user back to (RFC 8252 section 7.3). It answers on one
 * path and one host name, shows a fixed text whatever the request says, and is gone after the login.
 */
import { Hono } from "hono";
import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import type {
  BrowserLogin,
  CallbackListener,
  CallbackOptions,
  CallbackRequest,
} from "../base/browser_login.ts";
import { AppError } from "../base/error.ts";
import { openBrowser } from "./open_browser.ts";

type Outcome = Parameters<CallbackRequest["respond"]>[0];

const PAGES: Readonly<Record<Outcome, readonly [title: string, text: string]>> = {
  accepted: ["Logged in", "You can close this window and go back to the terminal."],
  refused: ["Not logged in", "The login was refused. The terminal says why."],
  ignored: ["Nothing to see here", "This address does not belong to a login that is going on."],
};

/** The browser of the user at this machine. */
export function loopbackBrowser(): BrowserLogin {
  return { listen, open: openBrowser };
}

function listen(options: CallbackOptions): Promise<CallbackListener> {
  const waiting = new Waiting();
  const server = serve(options, callbackApp(options, waiting));
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

function callbackApp({ hostname, path }: CallbackOptions, waiting: Waiting): Hono {
  const app = new Hono();
  app.use(secureHeaders({
    referrerPolicy: "no-referrer",
    contentSecurityPolicy: { defaultSrc: ["'none'"] },
  }));
  app.get(path, async (context) => {
    const url = new URL(context.req.url);
    // Another name that resolves to this machine would be a page of somebody else's (DNS rebinding).
    const outcome = url.hostname === hostname ? await waiting.deliver(url) : "ignored";
    context.header("Cache-Control", "no-store");
    return context.html(page(outcome), outcome === "ignored" ? 404 : 200);
  });
  app.notFound((context) => {
    context.header("Cache-Control", "no-store");
    return context.html(page("ignored"), 404);
  });
  return app;
}

function page(outcome: Outcome) {
  const [title, text] = PAGES[outcome];
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>${title}</title>
      </head>
      <body>
        <h1>${title}</h1>
        <p>${text}</p>
      </body>
    </html>
  `;
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
