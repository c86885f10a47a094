/**
 * What a question wants done, and what it only says beside that. Read from the order of its words alone: who asks
 * "which", "who" or "is …" wants to read, the first word of an order is its verb, and what follows a preposition says
 * where or of what, not what.
 */
import { stemmer } from "stemmer";
import {
  ARTICLES,
  ASKING_WORDS,
  IDLE_WORDS,
  MANY_WORDS,
  READING,
  verbsOf,
  widerVerbsOf,
} from "./search_words.ts";

export interface Intent {
  /** Verbs of operations with the weight of an operation that has one of them. */
  readonly wanted: ReadonlyMap<string, number>;
  readonly isReading: boolean;
  /** It gives a thing another state. */
  readonly isTurning: boolean;
  /** It asks for people. */
  readonly isWho: boolean;
  /** Of the words to look for, those that say where or of what: "labels *of an issue*". */
  readonly beside: ReadonlySet<string>;
}

/** Of an operation that does what is wanted. */
const WANTED_WEIGHT = 1.35;
/** Of one that changes a thing where the question's verb may be for making one, and the other way round. */
const MAYBE_WANTED_WEIGHT = 1.25;
/** Of one that reads one thing where several are asked for, and the other way round; of changes by other verbs. */
const LESS_WANTED_WEIGHT = 1.2;

/**
 * `said`: the words of the question. `words`: those to look for, two that mean one thing joined by `_`.
 * `actions`: stems of what paths end in that do something, such as `cancel`.
 */
export function intentOf(
  said: readonly string[],
  words: readonly string[],
  actions: ReadonlySet<string>,
): Intent {
  const wanted = new Map(wantedVerbs(said, words, actions));
  return {
    wanted,
    isReading: [...wanted.keys()].every((verb) => READING.includes(verb)),
    isTurning: turns(said),
    isWho: said[0] === "who",
    beside: wordsBeside(said, words),
  };
}

type Wanted = (readonly [verb: string, weight: number])[];

function wantedVerbs(
  said: readonly string[],
  words: readonly string[],
  actions: ReadonlySet<string>,
): Wanted {
  if (turns(said)) return [["update", WANTED_WEIGHT], ["create", 1]];
  if (ends(said)) return [["delete", WANTED_WEIGHT], ["update", 1.1]];
  const isAsking = asks(said);
  // "saved", "changed" say of a thing what was done to it.
  const verbs = isAsking
    ? []
    : words.filter((word) => !word.endsWith("ed")).flatMap((word) =>
      word.includes("_") ? [...verbsOf(word), ...widerVerbsOf(word)] : verbsOf(word)
    );
  if (verbs.some((verb) => !READING.includes(verb))) {
    return [
      ...verbs.map((verb) => [verb, WANTED_WEIGHT] as const),
      ...instead(said, new Set(verbs), actions),
    ];
  }
  if (verbs.length === 0 && !isAsking && isOrder(said)) {
    return [["create", WANTED_WEIGHT], ["update", MAYBE_WANTED_WEIGHT]];
  }
  const isOne = !MANY_WORDS.has(said[0] ?? "") &&
    said.slice(0, 3).some((word) => ARTICLES.has(word));
  const [most, less] = isOne ? ["get", "list"] : ["list", "get"];
  return [[most!, WANTED_WEIGHT], [less!, LESS_WANTED_WEIGHT]];
}

/** "Which …", "is …", "do I …", "may I …"; "how do I …" asks for what comes after it. */
function asks([first = "", second = ""]: readonly string[]): boolean {
  if (first === "how" && /^(do|can|to|could|should)$/.test(second)) return false;
  return ASKING_WORDS.has(first) || /^(do|does|did|was|were|has)$/.test(first) ||
    /^(can|may|should|could|have)$/.test(first) && second === "i";
}

/** The words of a question but for a first one that says what is to become of the others: "make", "stop". */
export function withoutAuxiliary(said: readonly string[]): readonly string[] {
  if (turns(said)) return said.slice(1).filter((word) => word !== "my");
  return ends(said) ? said.slice(1) : said;
}

/** A thing with an article behind it is used as a verb, and adds or sets something: "tag a ticket". */
function isOrder([first = "", second = ""]: readonly string[]): boolean {
  return !IDLE_WORDS.has(first) && ARTICLES.has(second);
}

/** "Make my project private", "keep a gist secret" change what there is; "make a project" does not. */
function turns(said: readonly string[]): boolean {
  const [first = "", second = ""] = said;
  return TURNING.has(first) && (EXISTING.has(second) || STATES.has(said.at(-1) ?? ""));
}

/** "Stop watching a project" takes away what "watch" made. */
function ends([first = "", second = ""]: readonly string[]): boolean {
  return (first === "stop" || first === "quit") && /.{3}ing$/.test(second);
}

const TURNING = new Set(["make", "keep", "turn", "set", "have"]);
const EXISTING = new Set(
  ["my", "the", "this", "our", "it", "that", "these", "those", "all", "every", "everything"],
);
const STATES = new Set(
  "private public internal visible hidden secret default required optional mandatory draft ready open closed read unread protected locked active inactive available bigger smaller larger longer shorter faster slower higher lower cheaper"
    .split(" "),
);

/**
 * What an order is for where no operation has its verb: a change of the thing (`PATCH` pauses and restarts), or for
 * what begins something, a new one.
 */
function instead(
  said: readonly string[],
  verbs: ReadonlySet<string>,
  actions: ReadonlySet<string>,
): Wanted {
  const isPlain = ["create", "update", "delete"].some((verb) => verbs.has(verb));
  const isFirst = verbsOf(said[0] ?? "").length > 0;
  const isOffered = [...verbs].some((verb) => actions.has(stemmer(verb)));
  if (isPlain || !isFirst || isOffered) return [];
  return [[verbs.has("start") ? "create" : "update", LESS_WANTED_WEIGHT]];
}

const PREPOSITIONS = new Set(
  "of in on at for from with by under into across between behind to within inside where when that which who while"
    .split(" "),
);
/** A verb comes first, or behind one of these. */
const BEFORE_VERBS = new Set(
  "to please i you we can could and or not never must should shall will would they let want need help me just then also it"
    .split(" "),
);

/** Those behind a preposition that has a thing before it. */
function wordsBeside(said: readonly string[], words: readonly string[]): Set<string> {
  const beside = new Set<string>();
  let isThingSaid = false;
  let isBehind = false;
  for (const [at, word] of said.entries()) {
    isBehind ||= isThingSaid && PREPOSITIONS.has(word);
    const meant = words.filter((one) => one === word || one.split("_").includes(word));
    const begun = meant.filter((one) => !one.includes("_") || one.split("_")[0] === word);
    if (isBehind) { for (const one of begun) beside.add(one); }
    const isVerb = verbsOf(word).length > 0 && (at === 0 || BEFORE_VERBS.has(said[at - 1]!));
    isThingSaid ||= meant.length > 0 && !isVerb;
  }
  return beside;
}
