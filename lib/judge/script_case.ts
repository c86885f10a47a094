/** What a script is judged by: the recording, its text, its runs, and what follows from these at once. */
import { type ClaimedValue, claimIn } from "./claimed_values.ts";
import { type ComparedValue, comparedValues, type JudgedRuns } from "./compared_values.ts";
import type { Demands } from "./demands.ts";
import type { Evidence } from "./evidence.ts";
import { heldBy, type HeldValues } from "./held_values.ts";
import { Reproduced } from "./reproduced.ts";
import { type TypedCredential, typedCredentials } from "./typed_credentials.ts";

/** Something that somebody says was typed while recording, by name. */
export interface PersonalText {
  readonly name: string;
  readonly value: string;
}

/** What a script writes down, comments apart. */
export interface Written {
  readonly texts: readonly {
    readonly text: string;
    /** Of the script, from 1. */
    readonly line: number;
  }[];
  /** Whole numbers, as their digits. */
  readonly numbers: ReadonlySet<string>;
}

export interface JudgedScript {
  /** TypeScript. */
  readonly source: string;
  readonly written: Written;
  readonly evidence: Evidence;
  /** What the user says was typed while recording. */
  readonly hints: readonly string[];
  readonly claimed: readonly ClaimedValue[];
  /** By name, what the script has to do. */
  readonly demands: Demands;
  /** What the analysis says was typed: more to look for in the text, never an excuse. */
  readonly personal: readonly PersonalText[];
  /** Other recordings of the app. */
  readonly others: readonly Evidence[];
  readonly runs: JudgedRuns;
}

/** What the text of a script is judged by. */
export interface ScriptText
  extends Pick<JudgedScript, "source" | "written" | "evidence" | "personal"> {
  readonly typed: readonly TypedCredential[];
  /** When somebody typed first, as an index of the recording; `Infinity` for never. */
  readonly firstTyped: number;
}

export interface ScriptCase extends JudgedScript, ScriptText {
  /** Every place with what was recorded and sent there. */
  readonly all: readonly ComparedValue[];
  /** Those that nobody claims to compute. */
  readonly compared: readonly ComparedValue[];
  /** What the first run was given, and which recorded requests it reproduces. */
  readonly held: HeldValues;
  readonly reproduced: Reproduced;
}

export function textOf(
  { source, written, evidence, hints, personal }: Omit<
    JudgedScript,
    "claimed" | "demands" | "others" | "runs"
  >,
): ScriptText {
  const typed = typedCredentials(evidence, hints);
  const firstTyped = Math.min(...typed.map(({ index }) => index));
  return { source, written, evidence, personal, typed, firstTyped };
}

export function caseOf(script: JudgedScript): ScriptCase {
  const { evidence, claimed, runs } = script;
  const all = comparedValues(evidence, runs);
  return {
    ...script,
    ...textOf(script),
    all,
    compared: unclaimed(all, claimed),
    held: heldBy(runs.first),
    reproduced: new Reproduced(runs.first, evidence.traces),
  };
}

/** Neither claimed values nor, where a claimed field holds JSON, its members. */
function unclaimed(
  values: readonly ComparedValue[],
  claimed: readonly ClaimedValue[],
): ComparedValue[] {
  const isClaimed = (value: ComparedValue) =>
    claimIn(value.recorded, claimed) !== undefined && !isNeverAnother(value);
  const fields = new Set(values.filter(isClaimed).map(({ trace, where }) => `${trace} ${where}`));
  return values.filter((value) =>
    !isClaimed(value) && !fields.has(`${value.trace} ${value.memberOf}`)
  );
}

/** What is the same whoever logs in, and whatever the site issued, is a constant: no claim excuses it. */
function isNeverAnother({ recorded, first, second = first }: ComparedValue): boolean {
  return first === recorded && second === recorded;
}

/** What the same requests of other recordings carried at the place of a value. */
export function sentElsewhere(
  value: ComparedValue,
  { evidence, others }: Pick<JudgedScript, "evidence" | "others">,
): string[] {
  return others.flatMap((other) => other.sentAt(evidence.traces[value.index]!, value));
}
