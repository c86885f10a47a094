/** Patterns for the words of one role or more, as they stand in a name that was taken apart into words. */
import { type Role, WORD_TABLE } from "./word_table.ts";

/** The alternatives of a role; a blank of a phrase may be missing. Longest first: `user name` before `user`. */
function phrases(...roles: readonly Role[]): string {
  const all = WORD_TABLE.filter(([role]) => roles.includes(role))
    .flatMap(([, , text]) => text.split(",").map((phrase) => phrase.trim()));
  return [...new Set(all)].sort((a, b) => b.length - a.length).join("|").replaceAll(" ", " ?");
}

export const anywhere = (...roles: readonly Role[]) => new RegExp(`\\b(${phrases(...roles)})\\b`);
/** The last word decides what a field holds: `user password`, `sms code 2`. */
export const atTheEnd = (...roles: readonly Role[]) => new RegExp(`\\b(${phrases(...roles)})\\d?$`);
export const inOneWord = (...roles: readonly Role[]) => new RegExp(`(${phrases(...roles)})`);
export const wholly = (...roles: readonly Role[]) => new RegExp(`^(${phrases(...roles)})$`);
/** As the end of a name, behind whatever stands without a blank before it. */
export const atEndOfWord = (...roles: readonly Role[]) => new RegExp(`(${phrases(...roles)})$`);
