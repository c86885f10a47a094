/**
 * Error messages and `debug()` output as a model may see them. They are prose with values in it, live ones
 * too, which no recording knows. A word is shown when the script itself says it, when it is harmless, or
 * when JavaScript's own messages use it; every other one is named.
 */
import type { Redaction } from "./redaction.ts";
import { areOwnWords } from "./sentence_words.ts";
import { isHarmless, wordsOf } from "./vocabulary.ts";
import { trimEndOf } from "../base/trim.ts";

/** `said`: the text of the script, as the model knows it. */
export function redactProse(text: string, redaction: Redaction, said: string): string {
  const known = new Set(wordsOf(said));
  const isPlain = (token: string) =>
    isHarmless(token) || /^t_[\d_]+[.:]?$/.test(token) ||
    wordsOf(token).every((word) => known.has(word) || areOwnWords(word));
  return redaction.maskTyped(text).replace(
    /‹[^‹›]*›|[^\s"'`‹›()[\]{}<>,;]+/g,
    (token) =>
      token.startsWith("‹") && /^‹[a-z0-9]+#\d+/.test(token) || isPlain(token)
        ? token
        : redactToken(token, redaction),
  );
}

/**
 * A sentence of ours, as proof and analysis say it. Its words stand, whatever the values of the recording are;
 * in quotes, and where a word is none of ours, what is known as a value, is about a person, or looks made
 * rather than said is replaced.
 */
export function redactSentence(text: string, redaction: Redaction): string {
  return text.split('"').map((part, index) =>
    index % 2 === 1
      ? redactWords(redaction.maskTyped(part), redaction, () => false)
      : redactWords(redaction.maskTyped(part, areOwnWords), redaction, areOwnWords)
  ).join('"');
}

function redactWords(
  text: string,
  redaction: Redaction,
  isOurs: (word: string) => boolean,
): string {
  return text.replace(
    /‹[^‹›]*›|[\p{L}\p{N}_.@+~-]{2,}/gu,
    (word) =>
      word.startsWith("‹") || /^(t_[\d_]+|\d{1,3})[.:]?$/.test(word) ||
        isOurs(word) || redaction.showsName(word.endsWith(".") ? word.slice(0, -1) : word)
        ? word
        : redactToken(word, redaction),
  );
}

/** What a script threw, and what stands in quotes, is its own text and may hold values of the run. */
export function redactProblem(problem: string, redaction: Redaction, said: string): string {
  const at = problem.indexOf(FAILED);
  const end = at < 0 ? problem.length : at + FAILED.length;
  const [ours, thrown] = [problem.slice(0, end), problem.slice(end)];
  const shown = ours.split('"').map((part, index) =>
    index % 2 === 1 ? redactProse(part, redaction, said) : redactSentence(part, redaction)
  ).join('"');
  return shown + redactProse(thrown, redaction, said);
}

const FAILED = "failed: ";

/** The full stop or colon after a word is not part of it. */
function redactToken(token: string, redaction: Redaction): string {
  const body = trimEndOf(token, ".:!?…");
  const tail = token.slice(body.length);
  return `${redaction.show(body)}${tail}`;
}
