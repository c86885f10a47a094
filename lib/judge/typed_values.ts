/** What the recorded user typed must be asked for, and arrive where it was sent. */
import { hexText } from "../http/hex_text.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Objection, objection } from "./finding.ts";
import { inputOf } from "./prompt_answers.ts";
import type { ScriptRun } from "./run.ts";
import type { ScriptCase } from "./script_case.ts";
import type { TypedCredential } from "./typed_credentials.ts";

const WHAT = {
  user: "user name",
  password: "password",
  code: "one-time code",
  text: "text",
  told: "text",
} as const;

const CLIENT_HEADER = /^(user-agent|accept|accept-language|accept-encoding|content-type|origin)$/i;

export function typedObjections(script: ScriptCase): Objection[] {
  return [
    ...script.typed.flatMap((typed) =>
      placesOf(typed, script).flatMap((place) => {
        const problem = problemOf(typed, place, script);
        return problem === null ? [] : [objection(place, problem)];
      })
    ),
    ...clientHeaders(script.runs.first),
  ];
}

/** Headers that say which client asks: nobody types them. @rule off: [] */
function clientHeaders(run: ScriptRun): Objection[] {
  const answers = [...run.answers.values()].filter(({ length }) => length >= 4);
  return run.sent.flatMap(({ request, trace }) =>
    request.headers.filter(([name, value]) =>
      CLIENT_HEADER.test(name) && answers.some((answer) => value.includes(answer))
    ).map(([name]) =>
      objection(
        { trace, where: `header "${name}"` },
        "is asked for, but it says which client it is",
      )
    )
  );
}

function problemOf(
  typed: TypedCredential,
  place: ComparedValue,
  script: ScriptCase,
): string | null {
  const { role, value, why } = typed;
  if (role === "user" && isOtherUserAsked(typed, script)) return null;
  const input = arrives(typed, place, script);
  if (input === null) {
    if (isComputed(typed, place)) return null;
    return role === "told"
      ? "is not what is asked for, and the user told that it was typed"
      : `is not a ${WHAT[role]} that is asked for: ${why}`;
  }
  if (role !== "password") return null;
  if (hexText(value) !== undefined) {
    return "is the hex of a text, which the script sends as it was asked for";
  }
  return usersBeside(typed, script).some((user) => inputsOf(user, script).includes(input))
    ? "is the user name, not a password of its own"
    : null;
}

/** Of several fields that are named for a user, one is what was typed. @rule off: true */
function isOtherUserAsked(typed: TypedCredential, script: ScriptCase): boolean {
  return usersBeside(typed, script).some((user) => inputsOf(user, script).length > 0);
}

function usersBeside(typed: TypedCredential, script: ScriptCase): TypedCredential[] {
  return script.typed.filter((other) =>
    other !== typed && other.role === "user" && other.trace === typed.trace
  );
}

/** The inputs whose answers are sent where it was typed. */
export function inputsOf(typed: TypedCredential, script: ScriptCase): string[] {
  return placesOf(typed, script).map((place) => arrives(typed, place, script))
    .filter((name) => name !== null);
}

/** A later request may carry in the same header what the login was answered with: that was not typed. */
function placesOf(typed: TypedCredential, { compared }: ScriptCase): ComparedValue[] {
  return compared.filter((place) =>
    isSamePlace(typed, place) && typed.take(place.recorded) === typed.value
  );
}

function arrives(
  { take }: TypedCredential,
  { first, second }: ComparedValue,
  { runs }: ScriptCase,
): string | null {
  return inputOf(runs, take(first), second === undefined ? undefined : take(second));
}

export function isTypedPlace(value: ComparedValue, all: readonly TypedCredential[]): boolean {
  return all.some((typed) => isSamePlace(typed, value));
}

function isSamePlace(typed: TypedCredential, { trace, where }: ComparedValue): boolean {
  return typed.where === where && typed.trace === trace ||
    /^header/.test(typed.where) && `result ${typed.where}`.toLowerCase() === where.toLowerCase();
}

/**
 * A digest or ciphertext of what was typed: it differs between people and comes out as recorded.
 * @rule off: false
 */
function isComputed(
  { value }: TypedCredential,
  { first, second, recorded, reenacted, reproduced }: ComparedValue,
): boolean {
  return first !== second && [reenacted, reproduced].includes(recorded) && value.length >= 16 &&
    /^[\w+/=.:$-]+$/.test(value);
}
