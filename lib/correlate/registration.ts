/** Requests that make an account, and passwords in texts that nothing takes apart. */
import { isPasswordChangeName, isPasswordName, isRegistrationPath } from "../http/vocabulary.ts";
import type { Message } from "./recording.ts";

/** True for a request that makes an account: by its path, or by the password that is written twice. */
export function isRegistration({ method, url, leaves }: Message): boolean {
  if (method === "GET" || !leaves.some(({ name }) => isPasswordName(name))) return false;
  return isRegistrationPath(url.pathname) || leaves.some(({ name }) => isPasswordChangeName(name));
}

/** What stands between a name and its value, whatever escapes are around it. */
const ASSIGNED = /^[\\"']{0,8}\s{0,3}[:=]/;

/** True for a body of text in which something is called a password. */
export function mentionsPassword({ method, leaves }: Message): boolean {
  return method !== "GET" &&
    leaves.some(({ place, value }) =>
      (place.kind === "text" || /^\s*[[{]/.test(value)) &&
      value.matchAll(/[A-Za-z_]{3,30}/g).some(({ 0: name, index }) =>
        isPasswordName(name) &&
        ASSIGNED.test(value.slice(index + name.length, index + name.length + 12))
      )
    );
}
