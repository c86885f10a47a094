/** Who is logged in to an app, as its login was told or as the token says of itself. Personal, not secret. */
import { authParams, bareCredential, basicPair, hasScheme } from "../http/auth_scheme.ts";
import { isDigest } from "../http/computed_credential.ts";
import { requestCookies } from "../http/cookies.ts";
import { decodeJwt } from "../http/jwt.ts";
import { removeFile } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { field, isString, objectOf } from "./fields.ts";
import type { TokenState } from "./token_state.ts";

/** Claims that name a person, the most telling first (OpenID Connect Core section 5.1, and common ones). */
const NAME_CLAIMS = ["preferred_username", "username", "user_name", "login", "nickname", "email"];

/** What the last login was told; `null` before one. @throws {AppError} `BAD_STORE` for a damaged file. */
export async function readLoginName(home: Home, app: string): Promise<string | null> {
  return await readJsonFile(namePath(home, app), validateName, { private: true });
}

export async function writeLoginName(home: Home, app: string, name: string): Promise<void> {
  await writeJsonFile(namePath(home, app), { name });
}

/** Forgets it. Answers whether there was one. */
export async function removeLoginName(home: Home, app: string): Promise<boolean> {
  return await removeFile(namePath(home, app));
}

/** The name in the token itself: of Basic and Digest, or a claim of a JWT; `null` where it has none. */
export function nameInToken({ headers, computed }: TokenState): string | null {
  const values = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === "cookie"
      ? requestCookies([[name, value]]).map(([, cookie]) => cookie)
      : [value]
  );
  const named = values.map((value) =>
    basicPair(value)?.user ??
      (hasScheme(value, "digest") ? authParams(value).username : claimIn(bareCredential(value)))
  );
  return computed.find(isDigest)?.username ?? named.find((name) => name !== undefined) ?? null;
}

function claimIn(token: string): string | undefined {
  const claims = decodeJwt(token)?.payload ?? {};
  return NAME_CLAIMS.map((name) => claims[name]).find((value) => typeof value === "string");
}

function namePath(home: Home, app: string): string {
  return home.appFile(app, "login_name.json");
}

function validateName(value: unknown): string {
  return field(objectOf(value, ["name"]), "name", isString, "a text");
}
