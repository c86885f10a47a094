/** Passwords that the user told, and whether the login explains them. */
import type { LoginFlow } from "./flow.ts";
import type { CredentialSubmission, LoginRequest } from "./login_run.ts";
import type { TypedValue } from "./typed_value.ts";

/**
 * All that was told, where a password is among it and something told stands in this login: what was told of
 * another recording says nothing of this one.
 * @rule off: new Set()
 */
export function toldPasswords(
  run: readonly LoginRequest[],
  hints: readonly TypedValue[],
): ReadonlySet<string> {
  const told = new Set(hints.map(({ value }) => value));
  const isOfThis = run.some(({ typed }) => typed.some(({ value }) => told.has(value)));
  return isOfThis && hints.some(({ kind }) => kind === "password") ? told : new Set();
}

/**
 * A password that was told for this login and that no value of it is explained by: something that looks like a
 * constant may be computed of it, and a script that does not ask for it is not a login of anybody else.
 * @rule off: []
 */
export function unusedPasswords(hints: readonly TypedValue[], { inputs }: LoginFlow): string[] {
  const asked = new Set(inputs.map(({ recorded }) => recorded));
  const isOfThis = hints.some(({ value }) => asked.has(value));
  return isOfThis && hints.some(({ kind, value }) => kind === "password" && !asked.has(value))
    ? [
      "The password that was told explains no value of the login: something that was sent may be computed of it, " +
      "and a script that does not ask for it would log nobody else in",
    ]
    : [];
}

/**
 * What was told without what only refused attempts sent: a password that was mistyped explains nothing.
 * @rule off: hints
 */
export function withoutMistyped(
  hints: readonly TypedValue[],
  submissions: readonly CredentialSubmission[],
): readonly TypedValue[] {
  return hints.filter((hint) => {
    const sending = submissions.filter(({ typed }) =>
      typed.some(({ value }) => value === hint.value)
    );
    return sending.length === 0 || sending.some(({ refused }) => !refused);
  });
}
