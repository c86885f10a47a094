/**
 * A new password that a script sets as it was recorded. What a login sets, each person chooses, and who logs in
 * again does not set it again.
 */
import { isSignUp } from "../http/sign_up.ts";
import { isPasswordChangeName, isRepeatName } from "../http/vocabulary.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Finding, type Objection, objection, unsettled } from "./finding.ts";
import { isSignedUp } from "./missing_submission.ts";
import type { ScriptCase } from "./script_case.ts";

/** @rule off: [] */
export function setPasswords(compared: readonly ComparedValue[]): Objection[] {
  const copied = compared.filter((value) =>
    /^(body|query)$/.test(value.kind) && value.first === value.recorded &&
    (value.second === undefined || value.second === value.recorded) && !isSetting(value.recorded)
  );
  const changes = copied.filter(({ name }) => isPasswordChangeName(name));
  const isRepeat = ({ name, trace, recorded }: ComparedValue) =>
    isRepeatName(name) &&
    changes.some((change) => change.trace === trace && change.recorded === recorded);
  return [...changes, ...copied.filter((value) => !changes.includes(value) && isRepeat(value))]
    .map((value) =>
      objection(value, "is a password of the recording, where the request sets a new one")
    );
}

/**
 * What a script hands over to make an account: whoever runs it has one.
 * @rule off: []
 */
export function madeAccounts(script: ScriptCase): Finding[] {
  const { typed, reproduced, evidence } = script;
  return typed.filter(({ role, trace }) => role === "password" && reproduced.has(trace))
    .flatMap((one): Finding[] => {
      if (isSignUp(evidence.traces[one.index]!.request)) {
        return [objection(one, "is of a request that makes an account, which is done once")];
      }
      const why =
        "a later request lets in by a part of what this one says: it may have made the account";
      return isSignedUp(one.index, script) ? [unsettled(one, "typed", why)] : [];
    });
}

/** Switches and addresses may be named for a password as well. */
function isSetting(value: string): boolean {
  return /^([01]?|true|false|null)$/.test(value) || value.startsWith("/") || /^https?:/.test(value);
}
