/** Recorded values in the text of a script, whether a run happens to bring them out or not. */
import { timestampUnit } from "../http/opaque.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { copyObjection, type Objection, objectionTo } from "./finding.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace } from "./place_kinds.ts";
import { type ScriptCase, type ScriptText, sentElsewhere } from "./script_case.ts";
import { isMintedUnder, isTokenLike } from "./token_like.ts";

const MIN_LENGTH = 8;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @rule off: [] */
export function recordedLiterals(
  { written, evidence }: Pick<ScriptText, "written" | "evidence">,
): Objection[] {
  return written.texts.flatMap(({ text, line }) =>
    [...openText(text), ...issuedWithin(text, evidence)].flatMap((part) => {
      const issued = part.length < MIN_LENGTH ? undefined : evidence.issued.get(part);
      if (issued === undefined || evidence.excuse(part) !== null) return [];
      return [copyObjection({ trace: null, where: `script line ${line}` }, issued)];
    })
  );
}

/** Shorter values stand within other texts by chance. In UTF-16 units. */
const MIN_GLUED = 12;

/**
 * What an answer issued within a longer text: `":b7e1c02f94aa63d8;"`. Not in addresses, whose parts the runs show.
 * @rule off: []
 */
function issuedWithin(text: string, { issued }: Evidence): string[] {
  if (text.length <= MIN_GLUED || text.includes("/")) return [];
  return [...issued.keys()].filter((value) =>
    value.length >= MIN_GLUED && value !== text && text.includes(value) && isTokenLike(value)
  );
}

/** Moments of the recording in a text, and what its client made up: both are made anew in each run. */
export function madeLiterals(script: ScriptCase): Objection[] {
  const { written, evidence, compared } = script;
  const startedAtMs = evidence.traces[0]?.startedAtMs ?? 0;
  const made = compared.filter((value) => isMade(value, script)).map(({ recorded }) => recorded);
  return written.texts.flatMap(({ text, line }) => {
    const moment = (text.match(/(?<!\d)\d{10}(\d{3})?(?!\d)/g) ?? [])
      .find((digits) =>
        timestampUnit(digits, startedAtMs, DAY_MS) !== null && !isCacheBuster(digits, evidence)
      );
    const value = made.find((one) => one.length >= MIN_LENGTH && text.includes(one));
    if (moment === undefined && value === undefined) return [];
    const what = moment === undefined
      ? "a value that the client makes up"
      : "the moment of the recording";
    return [objectionTo(`script line ${line}`, `holds ${what}`)];
  });
}

/**
 * What the recorded client made up: opaque, and at a place where the web says so. The look alone says so of no
 * value that the client's own code holds, or that another recording sent there as well.
 */
function isMade(value: ComparedValue, script: ScriptCase): boolean {
  const { name, recorded } = value;
  if (!isMintedUnder(name, recorded)) return false;
  return isClientMadePlace(value, "") ||
    isClientMadePlace(value, recorded) && !script.evidence.isInClientCode(recorded) &&
      !sentElsewhere(value, script).includes(recorded);
}

/** `?1775034000123`: a parameter without a value keeps caches away, and says nothing that a server reads. */
function isCacheBuster(digits: string, { traces }: Evidence): boolean {
  return traces.some(({ request }) =>
    [...new URL(request.url).searchParams].some(([name, value]) => name === digits && value === "")
  );
}
