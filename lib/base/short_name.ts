/**
 * Names that have to fit into some characters, made of the words of a longer one: never cut in the middle of a
 * word where that can be helped, and never a digest, which says nothing to the person or the model that chooses
 * by it. Pure: the same names in the same order always get the same short ones.
 */

/** Words that hold a phrase together and are understood without. */
const FILLERS = new Set(
  ["a", "an", "and", "api", "at", "by", "for", "from", "in", "of", "on", "or", "rest", "the", "to"]
    .concat(["using", "via", "with"]),
);

/** Short forms that the field knows. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  administration: "admin",
  administrative: "admin",
  administrator: "admin",
  application: "app",
  applications: "apps",
  attribute: "attr",
  attributes: "attrs",
  authentication: "auth",
  authorization: "authz",
  certificate: "cert",
  certificates: "certs",
  configuration: "config",
  configurations: "configs",
  definition: "def",
  definitions: "defs",
  development: "dev",
  directory: "dir",
  document: "doc",
  documents: "docs",
  environment: "env",
  environments: "envs",
  identifier: "id",
  information: "info",
  management: "mgmt",
  maximum: "max",
  minimum: "min",
  notification: "notice",
  notifications: "notices",
  organization: "org",
  organizations: "orgs",
  parameter: "param",
  parameters: "params",
  permission: "perm",
  permissions: "perms",
  production: "prod",
  reference: "ref",
  references: "refs",
  repositories: "repos",
  repository: "repo",
  specification: "spec",
  statistics: "stats",
  temporary: "temp",
};

/** Words that say what is done: they go last. */
const VERBS = new Set(
  [
    "add",
    "cancel",
    "check",
    "connect",
    "convert",
    "copy",
    "create",
    "delete",
    "disable",
    "download",
  ]
    .concat(["enable", "export", "find", "get", "import", "list", "merge", "move", "patch", "post"])
    .concat([
      "put",
      "read",
      "remove",
      "replace",
      "reset",
      "restore",
      "search",
      "send",
      "set",
      "start",
    ])
    .concat(["stop", "update", "upload", "watch"]),
);

/**
 * A name of at most `maxLength` characters for which `isFree` holds; the name itself where it fits.
 *
 * @param name Words in any spelling: `users.listMessages`, `pulls/create-review`.
 */
export function shortName(
  name: string,
  maxLength: number,
  isFree: (name: string) => boolean,
): string {
  if (name.length <= maxLength && isFree(name)) return name;
  const words = wordsIn(name);
  if (name.length > maxLength) {
    for (const candidate of candidates(words)) {
      if (candidate.length <= maxLength && isFree(candidate)) return candidate;
    }
  }
  const base = name.length <= maxLength ? name : smallest(words, maxLength);
  return numbered(base, maxLength, isFree);
}

/** `users.listMessages2` as `users`, `list`, `messages2`. */
function wordsIn(name: string): string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** Shorter and shorter, the one that says the most first. */
function* candidates(words: readonly string[]): Generator<string> {
  yield joined(words);
  const said = words.filter((word) => !isDigest(word));
  const once = said.filter((word, at) => said.findIndex((one) => isSame(one, word)) === at);
  yield joined(once);
  const full = once.filter((word) => !FILLERS.has(word));
  yield joined(full);
  const short = full.map((word) => SHORT_FORMS[word] ?? word);
  yield joined(short);
  yield* withoutSome(short);
}

/** Without some neighbours between the first word and the last, as few as can be; those with a verb in them last. */
function* withoutSome(words: readonly string[]): Generator<string> {
  for (let count = 1; count <= words.length - 2; count++) {
    const starts = Array.from({ length: words.length - 1 - count }, (_, at) => at + 1);
    const hasVerb = (start: number) =>
      words.slice(start, start + count).some((word) => VERBS.has(word));
    const inOrder = [...starts.filter((at) => !hasVerb(at)), ...starts.filter(hasVerb)];
    for (const start of inOrder) yield joined(words.toSpliced(start, count));
  }
}

/** Ids of large documents end in some digits of a digest: `GetCount-ac61`. */
function isDigest(word: string): boolean {
  return /^(?=[a-f]*\d)[0-9a-f]{4,}$/.test(word) && !/^(19|20)\d\d$/.test(word);
}

function isSame(one: string, other: string): boolean {
  return one === other || one === `${other}s` || other === `${one}s`;
}

/** What is left when no choice of words fits or is free: as many words from the front as fit. */
function smallest(words: readonly string[], maxLength: number): string {
  const short = words.map((word) => SHORT_FORMS[word] ?? word);
  let text = (short[0] ?? "tool").slice(0, maxLength);
  for (const word of short.slice(1)) {
    if (text.length + 1 + word.length <= maxLength) text += `_${word}`;
  }
  return text;
}

function numbered(base: string, maxLength: number, isFree: (name: string) => boolean): string {
  for (let number = 2;; number++) {
    const suffix = `_${number}`;
    const name = base.slice(0, maxLength - suffix.length) + suffix;
    if (isFree(name)) return name;
  }
}

function joined(words: readonly string[]): string {
  return words.join("_");
}
