/**
 * A login as a page on this machine: it names what would run, asks one question at a time, and shows how it
 * ended. Whoever opens it has an address with a secret that is good once; from then on a cookie stands for it.
 * Requests under another host name (DNS rebinding) and posts of other pages are refused.
 */
import { type Context as HonoContext, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { LoginDialog } from "./login_dialog.ts";
import { type LoginFacts, pageFor, type Refusal, refusedPage } from "./login_page_markup.ts";
import { STYLE, STYLE_PATH } from "./page_frame.ts";

export interface LoginPageOptions {
  readonly facts: LoginFacts;
  /** Runs when the user begins it, in the way the user chose. What it throws is shown. */
  login(dialog: LoginDialog, way: LoginWay): Promise<void>;
  /** `length` cryptographically strong random bytes. */
  bytes(length: number): Uint8Array;
  readonly signal: AbortSignal;
  /** How long the page waits for its user; default ten minutes. */
  readonly timeoutMs?: number;
}

/** By the script or the provider's page; in a browser window of its own. */
export type LoginWay = "usual" | "browser";

export interface LoginPage {
  /** Each answer is another address, good for one browser. */
  address(): string;
  /** Resolves when the user is logged in. @throws what the login threw, or `INTERRUPTED`. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 600_000;
/** How long the page shows how it ended. */
const LINGER_MS = 60_000;
/** How long an answer waits for what comes next, so that most pages need no second look. */
const NEXT_MS = 700;

export function openLoginPage(options: LoginPageOptions): LoginPage {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, timeout, closing.signal]);
  const desk = new PageDesk(options, signal);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => desk.app.fetch(request),
  );
  desk.host = `127.0.0.1:${server.addr.port}`;
  const close = async () => {
    closing.abort();
    await server.shutdown();
  };
  desk.done.catch(() => {}).finally(() => {
    const timer = setTimeout(() => void close(), LINGER_MS);
    Deno.unrefTimer(timer);
  });
  return { address: () => desk.address(), done: desk.done, close };
}

class PageDesk {
  readonly app = new Hono();
  readonly #options: LoginPageOptions;
  readonly #dialog: LoginDialog;
  readonly #tickets = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #ended = Promise.withResolvers<void>();
  #isBegun = false;
  host = "";

  constructor(options: LoginPageOptions, signal: AbortSignal) {
    this.#options = options;
    this.#dialog = new LoginDialog(signal);
    signal.addEventListener("abort", () => this.#ended.reject(signal.reason), { once: true });
    this.#ended.promise.catch(() => {});
    this.#route();
  }

  get done(): Promise<void> {
    return this.#ended.promise;
  }

  address(): string {
    const ticket = this.#random();
    this.#tickets.add(ticket);
    return `http://${this.host}/?ticket=${ticket}`;
  }

  #route(): void {
    const { app } = this;
    app.use(secureHeaders({
      // With "no-referrer" a browser posts forms with the origin "null" (Fetch, section 3.2.5).
      referrerPolicy: "same-origin",
      xFrameOptions: "DENY",
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    }));
    app.use(async (context, next) => {
      context.header("Cache-Control", "no-store");
      const isOurs = context.req.header("host") === this.host;
      return isOurs ? await next() : this.#refuse(context, "elsewhere");
    });
    app.get(STYLE_PATH, (context) => context.body(STYLE, 200, { "Content-Type": "text/css" }));
    app.get("/", (context) => this.#show(context));
    app.post("/begin", (context) => this.#post(context, () => this.#begin(context)));
    app.post("/answer", (context) => this.#post(context, () => this.#answer(context)));
    app.notFound((context) => this.#refuse(context, "elsewhere"));
  }

  /** The address with the ticket makes a session and leaves the history of the browser. */
  #show(context: HonoContext): Response | Promise<Response> {
    const ticket = context.req.query("ticket");
    if (ticket !== undefined) {
      const isGood = this.#tickets.delete(ticket);
      // Opened once more where it was opened before: the user goes on with the login.
      if (this.#isKnown(context)) return context.redirect("/", 303);
      if (!isGood) return this.#refuse(context, "ticket");
      const session = this.#random();
      this.#sessions.add(session);
      // Lax: the page is opened by a link in another program.
      setCookie(context, this.#cookie, session, { httpOnly: true, sameSite: "Lax", path: "/" });
      return context.redirect("/", 303);
    }
    if (!this.#isKnown(context)) return this.#refuse(context, "session");
    return context.html(pageFor(this.#dialog.state, this.#options.facts));
  }

  async #post(context: HonoContext, act: () => void | Promise<void>): Promise<Response> {
    const isOurs = context.req.header("origin") === `http://${this.host}`;
    if (!isOurs) return this.#refuse(context, "elsewhere");
    if (!this.#isKnown(context)) return this.#refuse(context, "session");
    await act();
    // What the login does with it is most often shown at once.
    const { state } = this.#dialog;
    const isWaiting = state.kind === "working" && state.note === undefined;
    if (isWaiting) await this.#soon(this.#dialog.changed);
    return context.redirect("/", 303);
  }

  async #begin(context: HonoContext): Promise<void> {
    const { way } = await context.req.parseBody();
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { login, facts } = this.#options;
    const chosen = way === "browser" && facts.inBrowser ? "browser" : "usual";
    const dialog = this.#dialog;
    dialog.run(() => login(dialog, chosen)).then(this.#ended.resolve, this.#ended.reject);
  }

  async #answer(context: HonoContext): Promise<void> {
    const { id, value } = await context.req.parseBody();
    if (typeof id === "string" && typeof value === "string") this.#dialog.answer(Number(id), value);
  }

  async #soon(change: Promise<void>): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, NEXT_MS);
    await Promise.race([change, over.promise]);
    clearTimeout(timer);
  }

  #isKnown(context: HonoContext): boolean {
    const session = getCookie(context, this.#cookie);
    return session !== undefined && this.#sessions.has(session);
  }

  #refuse(context: HonoContext, why: Refusal): Response | Promise<Response> {
    return context.html(refusedPage(why), 403);
  }

  /** Cookies know hosts and no ports: two pages on this machine have two names. */
  get #cookie(): string {
    return `keysmith_login_${this.host.split(":")[1]}`;
  }

  #random(): string {
    return this.#options.bytes(24).toBase64({ alphabet: "base64url" });
  }
}
