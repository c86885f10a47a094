/** The user's browser, whose loopback page is loaded when a login needs it. */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { Context } from "../base/context.ts";

/** None where nobody is there to use it. */
export function browserFor({ term }: Context): { browser?: BrowserLogin } {
  return term.interactive ? { browser: { listen, open } } : {};
}

/**
 * For a login the user asked for by name, which may be in a window without a terminal: the page waits in
 * any case, and the browser is opened unless the user wants to open it.
 */
export function loginBrowser(opens: boolean): BrowserLogin {
  return { listen, open: opens ? open : () => Promise.resolve(false) };
}

const listen: BrowserLogin["listen"] = async (options) => {
  const { loopbackBrowser } = await import("../web/callback_page.ts");
  return await loopbackBrowser().listen(options);
};

const open: BrowserLogin["open"] = async (url) => {
  const { loopbackBrowser } = await import("../web/callback_page.ts");
  return await loopbackBrowser().open(url);
};
