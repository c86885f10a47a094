/**
 * Cookies without an end, which a browser forgets when it closes. A kept profile is there to stay logged in, so
 * they are kept in it, beside those that the browser keeps by itself. Where a person closed the last window the
 * browser is gone, and with it these cookies.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../base/json.ts";
import type { Devtools } from "./devtools.ts";

const FILE = "keysmith-session-cookies.json";
/** What `Storage.setCookies` takes of what `Storage.getCookies` gives. */
const MEMBERS = [
  "name",
  "value",
  "domain",
  "path",
  "secure",
  "httpOnly",
  "sameSite",
  "priority",
  "sourceScheme",
  "sourcePort",
  "partitionKey",
];

/** `profile` is the profile's folder, which only the user can read. */
export async function saveSessionCookies(devtools: Devtools, profile: string): Promise<void> {
  const result = await devtools.attempt("Storage.getCookies");
  const cookies = result?.["cookies"];
  if (!Array.isArray(cookies)) return;
  const lasting = cookies.filter(isRecord).filter(({ session }) => session === true)
    .map((cookie) => Object.fromEntries(MEMBERS.flatMap((name) => member(cookie, name))));
  writeFileSync(join(profile, FILE), JSON.stringify(lasting), { mode: 0o600 });
}

/** Does nothing where none were kept; a file that is damaged counts as none. */
export async function restoreSessionCookies(devtools: Devtools, profile: string): Promise<void> {
  const cookies = parseJson(readKept(join(profile, FILE)));
  if (Array.isArray(cookies) && cookies.length > 0) {
    await devtools.attempt("Storage.setCookies", { cookies });
  }
}

function member(cookie: Readonly<Record<string, unknown>>, name: string): [string, unknown][] {
  return cookie[name] === undefined ? [] : [[name, cookie[name]]];
}

function readKept(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
