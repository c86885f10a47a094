/** What `token.json` holds while the token is in the keychain of the system: where, and nothing secret. */
import {
  field,
  isBoolean,
  isListOf,
  isNullOr,
  isOrigin,
  isTime,
  objectOf,
  textFields,
} from "./fields.ts";
import type { TokenState } from "./token_state.ts";

/** What can be said of a token without its secrets. */
export interface TokenSummary
  extends Pick<TokenState, "expires_at" | "obtained_at" | "origins" | "stale"> {
  readonly has_refresh_token: boolean;
}

export interface TokenStub extends TokenSummary {
  readonly stored_in: "keychain";
  /** The account of the keychain's item. */
  readonly item: string;
}

const MEMBERS = [
  "stored_in",
  "item",
  "expires_at",
  "obtained_at",
  "origins",
  "stale",
  "has_refresh_token",
] as const satisfies readonly (keyof TokenStub)[];

export function summaryOf(token: TokenState): TokenSummary {
  const { expires_at, obtained_at, origins, stale, refresh_token } = token;
  return { expires_at, obtained_at, origins, stale, has_refresh_token: refresh_token !== null };
}

export function stubOf(token: TokenState, item: string): TokenStub {
  return { stored_in: "keychain", item, ...summaryOf(token) };
}

export function isStub(stored: TokenState | TokenStub): stored is TokenStub {
  return "stored_in" in stored;
}

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateTokenStub(value: unknown): TokenStub {
  const fields = objectOf(value, MEMBERS);
  if (fields["stored_in"] !== "keychain") throw new TypeError(`"stored_in" is not "keychain"`);
  return {
    stored_in: "keychain",
    ...textFields(fields, ["item"]),
    expires_at: field(fields, "expires_at", isNullOr(isTime), "a time in seconds or null"),
    obtained_at: field(fields, "obtained_at", isTime, "a time in seconds"),
    origins: field(fields, "origins", isListOf(isOrigin), "a list of http or https origins"),
    stale: field(fields, "stale", isBoolean, "true or false"),
    has_refresh_token: field(fields, "has_refresh_token", isBoolean, "true or false"),
  };
}
