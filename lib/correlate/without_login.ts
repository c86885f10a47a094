/** Recordings in which no password is submitted and accepted: which login there is all the same. */
import { awaitedApproval } from "./login_styles/awaited_approval.ts";
import { basicLogin, cookiePair } from "./login_styles/basic.ts";
import { clientGrant } from "./login_styles/client_grant.ts";
import { digestLogin } from "./login_styles/digest.ts";
import { computedProof, readLogin, toldRequest, unnamedLogin } from "./login_styles/exchanged.ts";
import { guestToken } from "./login_styles/guest.ts";
import { hiddenLogin } from "./login_styles/hidden.ts";
import { linkLogin } from "./login_styles/link.ts";
import { staticKey } from "./login_styles/static_key.ts";
import type { Evidence, FoundLogin, LoginStyle } from "./login_styles/style.ts";
import { systemAccount } from "./login_styles/system_account.ts";
import { nothingFound } from "./nothing_found.ts";

/**
 * In the order in which they are tried: what a protocol says of itself, then what answers show (they hand
 * out what requests carry), last what the user must have had from elsewhere.
 */
const STYLES: readonly LoginStyle[] = [
  digestLogin,
  systemAccount,
  awaitedApproval,
  clientGrant,
  basicLogin,
  cookiePair,
  toldRequest,
  unnamedLogin,
  linkLogin,
  hiddenLogin,
  computedProof,
  readLogin,
  guestToken,
  staticKey,
];

export function withoutLogin(evidence: Evidence): FoundLogin {
  for (const style of STYLES) {
    const found = style(evidence);
    if (found !== null) return found;
  }
  return nothingFound(evidence);
}
