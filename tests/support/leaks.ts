/**
 * No output of a command shows a secret. Every command line that a test runs is held to it: what the
 * fixture accounts know, what answers were handed over, and what the home keeps before and after the
 * command is looked for in all that the command wrote, as it is and encoded.
 */
import assert from "node:assert/strict";
import { ACCOUNTS } from "../../fixtures/apps/parts/accounts.ts";
import { encodedForms } from "../../lib/base/redact.ts";

/** What is shorter is found by chance. In UTF-16 units. */
const MIN_LENGTH = 8;

const ACCOUNT_SECRETS = ACCOUNTS.flatMap(({ password, apiKey, totpSecret }) => [
  password,
  apiKey,
  totpSecret,
]);

/** `auth headers` and `--reveal` print secrets: that is their job. */
export function printsSecrets(args: readonly string[]): boolean {
  return args.includes("--reveal") || args[0] === "auth" && args[1] === "headers";
}

/** Throws where `output` shows one of `secrets`, in any form; the message says only where. */
export function assertNoSecret(what: string, output: string, secrets: Iterable<string>): void {
  for (const secret of new Set([...ACCOUNT_SECRETS, ...secrets])) {
    if (secret.length < MIN_LENGTH) continue;
    const found = formsOf(secret).find((form) => output.includes(form));
    if (found === undefined) continue;
    const at = output.indexOf(found);
    const around = `${output.slice(Math.max(0, at - 80), at)}[HERE]`;
    assert.fail(`"${what}" shows a secret, encoded or as it is: ${around}`);
  }
}

/** As the redactor's forms, and doubly encoded. */
function formsOf(secret: string): string[] {
  return [...encodedForms(secret), encodeURIComponent(encodeURIComponent(secret))];
}

/** The passwords and codes of `--answers -`: a JSON object by label. Other input holds none. */
export function answeredSecrets(stdin: string): string[] {
  const answers = parsed(stdin);
  return Object.entries(isObject(answers) ? answers : {})
    .filter(([label]) => /pass|secret|code|key|token|pin/i.test(label))
    .flatMap(([, value]) => typeof value === "string" ? [value] : []);
}

/** The credentials of every app's token and of every service's token in a home. */
export function storedSecrets(home: string): string[] {
  const tokens = tokenFolders(`${home}/apps`).map((folder) => read(`${folder}/token.json`));
  const caches = namesIn(`${home}/oauth`).filter((name) => !name.startsWith("metadata-"))
    .map((name) => read(`${home}/oauth/${name}`));
  return [
    ...tokens.flatMap((token) => isObject(token) ? tokenSecrets(token) : []),
    ...caches.flatMap((cache) => isObject(cache) ? cacheSecrets(cache) : []),
  ];
}

/** Of apps, their accounts and environments. */
function tokenFolders(folder: string): string[] {
  return namesIn(folder).map((name) => `${folder}/${name}`).flatMap((one) => [
    one,
    ...tokenFolders(`${one}/accounts`),
    ...tokenFolders(`${one}/environments`),
  ]);
}

function tokenSecrets(token: Record<string, unknown>): string[] {
  const { headers, body_params, query_params, refresh_token } = token;
  const places = [headers, body_params, query_params].filter(isObject).flatMap(Object.values);
  return [...places, refresh_token].filter((value) => typeof value === "string")
    .flatMap((value) => [value, ...value.split(/[ ;]+/).map(withoutName)]);
}

function cacheSecrets({ tokens }: Record<string, unknown>): string[] {
  return (Array.isArray(tokens) ? tokens : []).filter(isObject)
    .flatMap(({ access_token, refresh_token }) => [access_token, refresh_token])
    .filter((value) => typeof value === "string");
}

/** The value of a cookie, `name=value`; base64 ends in `=` and stays. */
function withoutName(part: string): string {
  return /^[\w-]+=(?=[^=])(.*)$/.exec(part)?.[1] ?? part;
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A file that is missing, damaged or just being replaced holds nothing to look for. */
function read(path: string): unknown {
  try {
    return parsed(Deno.readTextFileSync(path));
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
