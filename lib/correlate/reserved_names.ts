/** Names a flow may not give to its values, because they become variables of a script. */
import { CODEC_SNIPPETS } from "../codec/snippets.ts";

/** Keywords of ECMAScript in strict code (ECMA-262 section 12.7.2). */
const KEYWORDS =
  "break case catch class const continue debugger default delete do else enum export extends false " +
  "finally for function if import in instanceof new null return super switch this throw true try " +
  "typeof var void while with yield let static await async of undefined arguments eval package " +
  "private protected public interface implements";

/** The globals and functions of a generated script; its test holds this list to what `script/` writes. */
const SCRIPT_NAMES =
  "session crypto fetch atob btoa debug prompt_text prompt_secret tell_user wait_user_confirmation " +
  "cookie_session html_forms acquire_token current_refresh_token refuse status_kind expect_status " +
  "expect_accepted encoded_form expect_no_password_form expect_cookie expect_redirect expect_state " +
  "explain_refusal found " +
  "found_or_refused random_text cookies_for proof_key proving proof_algorithm new_proof_key " +
  "proof_of_key proof_session";

const RESERVED = new Set([
  ...`${KEYWORDS} ${SCRIPT_NAMES}`.split(" "),
  ...CODEC_SNIPPETS.map(({ name }) => name),
]);

/** Steps are variables, too: `s1`, `s1_text`, `r2_url`. */
const STEP_NAME = /^[sr]\d+(_text|_url)?$/;

export function isReservedName(name: string): boolean {
  return RESERVED.has(name) || STEP_NAME.test(name);
}
