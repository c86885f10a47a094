/**
 * What a script said in its own words, as a model may be told. The model wrote the script, and a script
 * that has read a replayed answer could spell it with words that are harmless each, in a thrown message or the label
 * of a prompt. So an error is told by its class and line; its message, and any text of several words, only where
 * the script's source holds it as it is: what was put together at run time may be a value.
 */

/** Messages of the engine, the sandbox and the helpers of every script, with the one name that each holds. */
const KNOWN_MESSAGES = [
  /^Cannot read properties of (?:undefined|null) \(reading '([\w$]{1,60})'\)$/,
  /^([\w$.]{1,80}) is not (?:defined|a function|iterable|a constructor)$/,
  /^Cannot access '([\w$]{1,60})' before initialization$/,
  /^"([^"\s]{1,100})" is not among the hosts this script may reach$/,
  /^The answer holds no ([^"\n]{1,80})$/,
];

/** The rest of V8's message quotes the text. */
const NOT_JSON =
  /^(?:Unexpected (?:token|end of JSON|.{1,60} (?:in|after) JSON)|Expected .{1,60} in JSON|[^\n]{0,40}is not valid JSON)/;

const ERROR_CLASSES = new Set(
  ("Error AggregateError DOMException EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "CredentialsRefused AbortError TimeoutError").split(" "),
);

const UNTOLD = "a text of its own, which is not told: it may hold values";

/** Longest message that is told, in characters. */
const MAX_TOLD = 200;

/** A problem of a proof or a run. `said`: the source of the script, as the model knows it. */
export function ownWordsWithheld(problem: string, said: string): string {
  const failure = /^([\s\S]*?\bfailed: )([\w$]{1,60}): ([\s\S]*)$/.exec(problem);
  if (failure === null) return quotedWithheld(problem, said);
  const [, before = "", name = "", message = ""] = failure;
  const shown = ERROR_CLASSES.has(name) || isIn(name, said) ? name : "Error";
  return `${quotedWithheld(before, said)}${shown}: ${toldOf(message, said)}`;
}

function toldOf(message: string, said: string): string {
  if (isTold(message, said)) return message;
  return NOT_JSON.test(message) ? "the text is not valid JSON" : UNTOLD;
}

function isTold(message: string, said: string): boolean {
  if (message === "" || message.length <= MAX_TOLD && isIn(message, said)) return true;
  const known = KNOWN_MESSAGES.map((pattern) => pattern.exec(message)?.[1]);
  return known.some((name) => name !== undefined && isIn(name, said));
}

/** Labels and names in quotes; one word alone is judged by what it is. */
function quotedWithheld(text: string, said: string): string {
  return text.replace(
    /"([^"]*)"/g,
    (whole, inner: string) => /\s/.test(inner) && !isIn(inner, said) ? `"…"` : whole,
  );
}

function isIn(text: string, said: string): boolean {
  return said.includes(text);
}

/** Distinct lines of `debug()` that are told of one run. */
const MAX_LINES = 20;
/** Shorter beginnings of a line say nothing. In UTF-16 units. */
const MIN_LABEL = 3;

/**
 * What a script printed with `debug()`: each line as far as the source holds it, and values by the placeholders
 * they have already. The rest may be put together of values, and so may an order of lines that come again.
 */
export function debugWithheld(
  lines: readonly string[],
  said: string,
  knownAs: (value: string) => string | undefined,
): string[] {
  const told = lines.map((line) => lineWithheld(line, said, knownAs));
  return [...new Set(told)].slice(-MAX_LINES);
}

function lineWithheld(
  line: string,
  said: string,
  knownAs: (value: string) => string | undefined,
): string {
  if (isIn(line, said)) return line;
  const words = line.split(" ");
  const fits = (count: number) => {
    const label = words.slice(0, count).join(" ");
    return label.length >= MIN_LABEL && isIn(label, said);
  };
  const count = words.findLastIndex((_, index) => fits(index + 1)) + 1;
  const rest = words.slice(count).map((word) => knownAs(word) ?? "…");
  return [...words.slice(0, count), ...rest].join(" ");
}
