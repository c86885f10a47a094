/** Cookies that are refresh tokens by use, whatever they are called. */
import { isLoginEndpoint, isLogoutPath, isRefreshName } from "../http/vocabulary.ts";
import type { Message, Recording } from "./recording.ts";

/**
 * Names of cookies that go to a renewal and to nothing else of the app: they are bound to the path of
 * the authorization server (`Path`, RFC 6265 section 5.1.4) and authenticate no other request.
 * @rule off: new Set()
 */
export function renewalCookies(recording: Recording): Set<string> {
  const renewing = new Set<string>();
  const others = new Set<string>();
  for (const message of recording.messages) {
    if (message.cookies.every(({ name }) => others.has(name))) continue;
    const names = message.cookies.map(({ name }) => name).filter((name) => !others.has(name));
    const { pathname } = message.url;
    if (isRefreshName(pathname)) { for (const name of names) renewing.add(name); }
    else if (!isSignInOrOut(message)) { for (const name of names) others.add(name); }
  }
  return renewing.difference(others);
}

/** An old cookie travels there as well, since these lie beside the renewal. @rule off: false */
function isSignInOrOut({ method, url }: Message): boolean {
  return isLogoutPath(url.pathname) || method !== "GET" && isLoginEndpoint(url.pathname);
}
