/** Texts in words, as the search compares them: of names in any case, of paths, of sentences. */

/** `listCoreV1NamespacedPod`, `pull-requests`, `customer's` in words, lower case, whole, in American spelling. */
export function wordsIn(text: string): string[] {
  // "PRs" are "PR" in plural, not "P" and "Rs".
  return text.replaceAll(/\b([A-Z]{2,})s\b/g, "$1")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replaceAll("'s", "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "")
    .flatMap((word) => FULL.get(word)?.split(" ") ?? [inAmerican(word)]);
}

/** Interfaces are named in American English; their users write either. */
const BRITISH = [
  [
    /^((?:un)?(?:organ|author|recogn|custom|final|synchron|initial|categor|priorit|util))is/,
    "$1iz",
  ],
  [/^(behavi|col|fav|lab|hon|harb)our/, "$1or"],
  [/^(lic|def|off)ence/, "$1ense"],
  [/^(catal|dial|anal)ogue/, "$1og"],
  [/^centre/, "center"],
  [/^(cancel|label)led/, "$1ed"],
] as const;

function inAmerican(word: string): string {
  for (const [spelling, other] of BRITISH) {
    if (spelling.test(word)) return word.replace(spelling, other);
  }
  return word;
}

/** What interfaces and people shorten alike. One spelling of both, so that either finds the other. */
const FULL: ReadonlyMap<string, string> = new Map([
  ["repo", "repository"],
  ["repos", "repositories"],
  ["org", "organization"],
  ["orgs", "organizations"],
  ["config", "configuration"],
  ["configs", "configurations"],
  ["env", "environment"],
  ["envs", "environments"],
  ["admin", "administrator"],
  ["admins", "administrators"],
  ["ns", "namespace"],
  ["svc", "service"],
  ["info", "information"],
  ["docs", "documents"],
  ["doc", "document"],
  ["var", "variable"],
  ["vars", "variables"],
  ["dir", "directory"],
  ["msg", "message"],
  ["dev", "development"],
  ["prod", "production"],
  ["max", "maximum"],
  ["min", "minimum"],
  ["netpol", "network policy"],
  ["sts", "stateful set"],
  ["db", "database"],
  ["addr", "address"],
  ["img", "image"],
  ["pic", "picture"],
  ["pics", "pictures"],
  ["params", "parameters"],
  ["param", "parameter"],
  ["lang", "language"],
  ["perms", "permissions"],
  ["creds", "credentials"],
  ["cert", "certificate"],
  ["certs", "certificates"],
  ["acct", "account"],
  ["stats", "statistics"],
  ["vm", "machine"],
]);
