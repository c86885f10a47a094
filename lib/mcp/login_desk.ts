/**
 * Logins from inside a client: a page on this machine asks the user, and nothing of what is typed passes the
 * client or its model. One page per owner at a time.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { LoginFacts } from "../ops/login_facts.ts";
import type { LoginDialog } from "../web/login_dialog.ts";
import type { LoginPage, LoginWay } from "../web/login_page.ts";

/** How long a call waits for its user to log in. */
const WAIT_MS = 300_000;

export class LoginDesk {
  readonly #ctx: Context;
  readonly #onLogin: () => void;
  readonly #atBrowser: typeof atBrowser;
  readonly #pages = new Map<string, Promise<LoginPage>>();

  /** `onLogin` is told of every login that worked; `logInAtBrowser` stands for the browser in tests. */
  constructor(ctx: Context, onLogin: () => void, logInAtBrowser = atBrowser) {
    this.#ctx = ctx;
    this.#onLogin = onLogin;
    this.#atBrowser = logInAtBrowser;
  }

  /** The address of a page that logs in to the owner; another one each time. @throws {AppError} as `loginFacts`. */
  async address(owner: string): Promise<string> {
    const known = this.#pages.get(owner) ?? this.#open(owner);
    this.#pages.set(owner, known);
    known.catch(() => this.#forget(owner, known));
    return (await known).address();
  }

  /**
   * Waits until the user is logged in. Returns at once where no page is open.
   *
   * @throws {AppError} what the login threw; `AUTH_NEEDED` when it takes too long, `INTERRUPTED`.
   */
  async wait(owner: string, signal: AbortSignal): Promise<void> {
    const page = await this.#pages.get(owner);
    if (page === undefined) return;
    const late = Promise.withResolvers<never>();
    const message = `The login to "${owner}" is not finished`;
    const hint = "Finish it in the browser, then call the tool again";
    const timer = setTimeout(
      () => late.reject(new AppError("AUTH_NEEDED", message, { hint })),
      WAIT_MS,
    );
    const stop = () => late.reject(new AppError("INTERRUPTED", "Interrupted"));
    signal.addEventListener("abort", stop);
    try {
      await Promise.race([page.done, late.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    const pages = [...this.#pages.values()];
    this.#pages.clear();
    await Promise.all(pages.map(async (page) => (await page.catch(() => null))?.close()));
  }

  async #open(owner: string): Promise<LoginPage> {
    const { loginFacts } = await import("../ops/login_facts.ts");
    const facts = await loginFacts(this.#ctx, owner);
    const { openLoginPage } = await import("../web/login_page.ts");
    const page = openLoginPage({
      facts,
      bytes: (length) => this.#ctx.random.bytes(length),
      signal: this.#ctx.signal,
      login: (dialog, way) => this.#logIn(facts, { dialog, way }),
    });
    const forget = () => this.#forget(owner, this.#pages.get(owner));
    page.done.then(this.#onLogin, () => {}).finally(forget);
    return page;
  }

  async #inBrowser(ctx: Context, app: string, dialog: LoginDialog): Promise<void> {
    const signal = AbortSignal.any([ctx.signal, dialog.signal]);
    const onWindow = () => dialog.tellWhileWorking(AT_THE_WINDOW);
    await this.#atBrowser({ ...ctx, signal }, { app, onWindow });
  }

  #forget(owner: string, page: Promise<LoginPage> | undefined): void {
    if (this.#pages.get(owner) === page) this.#pages.delete(owner);
  }

  async #logIn(
    facts: LoginFacts,
    { dialog, way }: { readonly dialog: LoginDialog; readonly way: LoginWay },
  ): Promise<void> {
    const { owner, kind } = facts;
    const ctx = { ...this.#ctx, term: dialog };
    if (way === "browser") return await this.#inBrowser(ctx, owner, dialog);
    if (kind === "app") return await logInApp(ctx, facts);
    const { loopbackBrowser } = await import("../web/callback_page.ts");
    const { loginService } = await import("../ops/service_login.ts");
    const open = (url: string) => {
      dialog.goElsewhere(url);
      return Promise.resolve(true);
    };
    const browser = { listen: loopbackBrowser().listen, open };
    await loginService(ctx, { service: owner, browser });
  }
}

const AT_THE_WINDOW =
  "A browser window opens: log in there, and open a page that shows your data. " +
  "It closes by itself.";

/** Loaded when a user chooses it. The profile may still be logged in: then nobody has to. */
async function atBrowser(
  ctx: Context,
  { app, onWindow }: { readonly app: string; readonly onWindow: () => void },
): Promise<unknown> {
  const { browserLogin } = await import("../ops/browser_login.ts");
  return await browserLogin(ctx, { app, headlessFirst: true, onWindow });
}

/**
 * Whoever begins on the page agrees to what it shows: to ask again would be about the same. A script that was adopted
 * has no proof: whoever wrote it may say that it runs all the same.
 */
async function logInApp(
  ctx: Context,
  { owner: app, scriptSha256, hosts }: LoginFacts,
): Promise<void> {
  const { login } = await import("../ops/login.ts");
  const begun = scriptSha256 === null ? undefined : { scriptSha256, hosts };
  try {
    await login(ctx, { app, begun });
  } catch (error) {
    const isUnproven = error instanceof AppError && error.code === "CONSENT_NEEDED" &&
      error.hint?.includes("--unproven") === true;
    if (!isUnproven) throw error;
    const question = `${error.message}. Have you read it, and may it run all the same?`;
    if (!await ctx.term.confirm(question)) throw error;
    await login(ctx, { app, begun, unproven: true });
  }
}
