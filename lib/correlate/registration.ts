/** Requests that make an account, and passwords in texts that nothing takes apart. */
import { isPasswordChangeName, isPasswordField, isPasswordName } from "../http/vocabulary.ts";
import { isSignUp } from "../http/sign_up.ts";
import { percentDecode } from "../http/url.ts";
import type { Leaf } from "./leaves.ts";
import { opened } from "./opened_leaf.ts";
import type { Message } from "./recording.ts";

/** True for a request that makes an account: by where it goes or comes from, or by the password that is written twice. */
export function isRegistration({ method, leaves, trace }: Message): boolean {
  const all = leaves.flatMap((leaf): Leaf[] => [leaf, ...opened(leaf)]);
  return method !== "GET" && all.some(({ name, value }) => isPasswordField(name, value)) &&
    (isSignUp(trace.request) || setsPassword(all));
}

/** Fields of a new password. Numbered ones are one written twice, or two secrets of a login. */
export function setsPassword(leaves: readonly Leaf[]): boolean {
  const passwords = leaves.filter(({ name, value }) =>
    isPasswordField(name, value) || isPasswordChangeName(name)
  );
  const isTwice = (one: Leaf) =>
    passwords.some((other) => other !== one && other.value === one.value);
  return passwords.some((leaf) =>
    isPasswordChangeName(leaf.name) && (!/\d$/.test(leaf.name) || isTwice(leaf))
  );
}

/** Why a login is not repeated whose steps set a new password; `null` where none does. */
export function passwordSet(steps: readonly Message[]): string | null {
  const step = steps.find(({ method, leaves }) =>
    method !== "GET" && (setsPassword(leaves) || leaves.some((leaf) => setsPassword(opened(leaf))))
  );
  return step === undefined
    ? null
    : `${step.trace.id} sets a new password, and each repetition of this login would set it again; record a ` +
      "login with the password that is in force now";
}

/** What stands between a name and its value, whatever escapes are around it. */
const ASSIGNED = /^[\\"']{0,8}\s{0,3}[:=]/;

/** True for a body of text in which something is called a password. */
export function mentionsPassword({ method, leaves }: Message): boolean {
  return method !== "GET" &&
    leaves.some(({ place, value }) => {
      const text = percentDecode(value);
      return (place.kind === "text" || /^\s*[[{]/.test(text)) &&
        text.matchAll(/[A-Za-z_]{3,30}/g).some(({ 0: name, index }) =>
          isPasswordName(name) &&
          ASSIGNED.test(text.slice(index + name.length, index + name.length + 12))
        );
    });
}
