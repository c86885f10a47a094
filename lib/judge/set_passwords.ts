/**
 * A new password that a script sets as it was recorded. What a login sets, each person chooses, and who logs in
 * again does not set it again.
 */
import { isPasswordChangeName, isRepeatName } from "../http/vocabulary.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Objection, objection } from "./finding.ts";

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

/** Switches and addresses may be named for a password as well. */
function isSetting(value: string): boolean {
  return /^([01]?|true|false|null)$/.test(value) || value.startsWith("/") || /^https?:/.test(value);
}
