/**
 * Finds tools by what a person or a model asks for, in its own words. Each word of the question is looked for by
 * itself (BM25, over stems), together with what it may stand for; a tool gets the best of these for each word, so
 * that no word counts twice, and tools that answer more of the question come first.
 */
import MiniSearch, { type SearchResult } from "minisearch";
import { stemmer } from "stemmer";
import {
  actionOf,
  endsInPeople,
  isChangeOfOne,
  pathEnd,
  priorOf,
  verbOf,
} from "./operation_shape.ts";
import { phrasesIn } from "./phrases.ts";
import { type Intent, intentOf, withoutAuxiliary } from "./question_intent.ts";
import {
  ASKING_WORDS,
  IDLE_WORDS,
  meaningsOf,
  METHOD_VERBS,
  readMeaningsOf,
  widerMeaningsOf,
  widerReadMeaningsOf,
} from "./search_words.ts";
import { spelledOut } from "./spelled_out.ts";
import { spreadResults } from "./spread_results.ts";
import type { OwnedTool } from "./tool_description.ts";
import { wordsIn } from "./words_in.ts";

/** A tool under its name in the list. */
export interface Searched extends OwnedTool {
  readonly name: string;
}

interface Indexed {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly verb: string;
  readonly words: string;
  /** Names of what a change of one thing takes: its properties. */
  readonly properties: string;
}

const BOOST = {
  name: 3,
  path: 3,
  summary: 3,
  description: 0.7,
  verb: 3,
  words: 0.3,
  properties: 0.8,
};
/** Of properties, where a question says what state a thing is to have: "make my project private". */
const STATE_BOOST = 4;
/** Fields that mention what a tool is not about. */
const ASIDE = new Set<string>(["description", "words", "properties"]);
const ASIDE_WEIGHT = 0.6;
/** Of what a word may stand for, against the word itself. */
const MEANING_WEIGHT = 0.85;
const WIDER_WEIGHT = 0.5;
/** The score of a phrase is the sum of its words'. */
const PHRASE_POWER = 1.4;
/** Of two words that mean one thing. */
const PAIR_WEIGHT = 1.6;
/** Of a word that says where or of what. */
const BESIDE_WEIGHT = 0.75;
/** Of an operation that reads where a change is wanted. */
const READS_WEIGHT = 0.9;
/** Of one that deletes where nobody wants that. */
const DELETES_WEIGHT = 0.85;
/** Of one whose path ends in people, for "who". */
const PEOPLE_WEIGHT = 1.2;
/** Of a tool that answers next to nothing of the question, before what it answers is added. */
const LEAST = 0.2;
/** Of a tool whose path ends in words that the question does not say, before the share of those it says is added. */
const LEAST_NAMED = 0.8;
/** Of what a word tells by being answered by few tools. */
const TELLING_POWER = 0.25;
/** Of a question. */
const MAX_WORDS = 24;

export class ToolSearch {
  readonly #tools: readonly Searched[];
  readonly #index: MiniSearch<Indexed>;
  readonly #priors: readonly number[];
  readonly #ends: readonly (readonly string[])[];
  readonly #actions: ReadonlySet<string>;

  constructor(tools: readonly Searched[]) {
    this.#tools = tools;
    this.#priors = tools.map(({ summary }) => priorOf(summary));
    this.#ends = tools.map(({ summary }) => pathEnd(summary));
    this.#actions = new Set(tools.flatMap(({ summary }) => actionOf(summary)));
    this.#index = new MiniSearch<Indexed>({
      fields: Object.keys(BOOST),
      tokenize: wordsIn,
      processTerm: indexedTerms,
      searchOptions: { boost: BOOST, combineWith: "AND", processTerm: stemmer },
    });
    this.#index.addAll(tools.map(indexed));
  }

  /** The tools that fit, best first. */
  search(question: string): Searched[] {
    const words = this.#questionWords(question);
    const intent = intentOf(wordsIn(question), words, this.#actions);
    const found = words.map((word) => this.#scoresOf(word, intent));
    const weights = words.map((word) =>
      (word.includes("_") ? PAIR_WEIGHT : 1) * (intent.beside.has(word) ? BESIDE_WEIGHT : 1)
    );
    const shares = weights.map((weight, at) => weight * this.#telling(found[at]!.size));
    const whole = shares.reduce((sum, share) => sum + share, 0);
    const ranked = [...totalsOf(found, weights, shares)].map(([id, total]) => ({
      id,
      score: total.score * this.#priors[id]! * (LEAST + total.answered / whole) *
        (LEAST_NAMED + namedShare(this.#ends[id]!, total.terms)) * this.#fitting(id, intent),
    }));
    const sorted = ranked.toSorted((a, b) => b.score - a.score || a.id - b.id);
    return spreadResults(sorted, ({ id }) => this.#ends[id]!.join(" "))
      .map(({ id }) => this.#tools[id]!);
  }

  /** How far an operation does what the question wants done. */
  #fitting(id: number, { wanted, isReading, isWho }: Intent): number {
    const { summary } = this.#tools[id]!;
    const does = wanted.get(verbOf(summary)) ??
      (!isReading && summary.method === "GET" ? READS_WEIGHT : 1);
    const harm = summary.method === "DELETE" && !wanted.has("delete") ? DELETES_WEIGHT : 1;
    return does * harm * (isWho && endsInPeople(summary) ? PEOPLE_WEIGHT : 1);
  }

  /** How much of a question a word is that so many tools answer: the fewer they are, the more it says. */
  #telling(tools: number): number {
    return Math.log(1 + this.#tools.length / (1 + tools)) ** TELLING_POWER;
  }

  /** Words that tell, and instead of two of them what they are together: `call_off`, `config_map`. */
  #questionWords(question: string): string[] {
    const said = wordsIn(question);
    const words = withoutAuxiliary(said);
    const phrases = phrasesIn(
      words,
      (pair) =>
        meaningsOf(pair).length > 0 || widerMeaningsOf(pair).length > 0 ||
        this.#index.search(pair.replace("_", "")).length > 0,
    );
    const paired = new Set(phrases.flatMap(({ places }) => places));
    const telling = words.filter((word, at) =>
      !paired.has(at) && !IDLE_WORDS.has(word) && !ASKING_WORDS.has(word)
    );
    const chosen = [...phrases.map(({ pair }) => pair), ...telling];
    return [...new Set(chosen.length > 0 ? chosen : said)].slice(0, MAX_WORDS);
  }

  /** The best score of a word and its meanings, by tool. */
  #scoresOf(word: string, { isReading, isTurning }: Intent): Map<number, WordScore> {
    const best = new Map<number, WordScore>();
    const own = word.replace("_", "");
    const boost = isTurning ? { ...BOOST, properties: STATE_BOOST } : BOOST;
    note(best, this.#index.search(own, { boost }), own === word ? 1 : MEANING_WEIGHT);
    const meanings = isReading ? readMeaningsOf(word) : meaningsOf(word);
    const wider = isReading ? widerReadMeaningsOf(word) : widerMeaningsOf(word);
    this.#noteTerms(best, meanings, MEANING_WEIGHT);
    // Two words together are seldom said of something else.
    this.#noteTerms(best, wider, word.includes("_") ? MEANING_WEIGHT : WIDER_WEIGHT);
    if (best.size > 0) return best;
    this.#noteTerms(best, spelledOut(word, this.#tools.map(({ name }) => name)), 1);
    if (best.size > 0) return best;
    note(best, this.#index.search(word, { fuzzy: 0.4, prefix: true }), 0.5);
    return best;
  }

  #noteTerms(best: Map<number, WordScore>, terms: readonly string[], weight: number): void {
    for (const term of terms.flatMap(spellingsOf)) {
      note(best, this.#index.search(term), weight / term.split(" ").length ** PHRASE_POWER);
    }
  }
}

/** "Unfollow" is of following, too. */
function indexedTerms(word: string): string[] {
  return /^un[a-z]{4}/.test(word) ? [stemmer(word), stemmer(word.slice(2))] : [stemmer(word)];
}

function note(
  best: Map<number, WordScore>,
  found: readonly SearchResult[],
  weight: number,
): void {
  for (const { id, score, terms, match } of found) {
    const known = best.get(id);
    const isAside = Object.values(match).flat().every((field) => ASIDE.has(field));
    best.set(id, {
      score: Math.max(known?.score ?? 0, score * weight),
      answered: Math.max(known?.answered ?? 0, isAside ? ASIDE_WEIGHT : 1),
      terms: [...known?.terms ?? [], ...terms],
    });
  }
}

/** What each tool has of all words together. */
function totalsOf(
  found: readonly ReadonlyMap<number, WordScore>[],
  weights: readonly number[],
  shares: readonly number[],
): Map<number, Total> {
  const totals = new Map<number, Total>();
  for (const [at, scores] of found.entries()) {
    for (const [id, { score, answered, terms }] of scores) {
      const total = totals.get(id) ?? { score: 0, answered: 0, terms: new Set() };
      for (const term of terms) total.terms.add(term);
      totals.set(id, {
        score: total.score + score * weights[at]!,
        answered: total.answered + answered * shares[at]!,
        terms: total.terms,
      });
    }
  }
  return totals;
}

interface WordScore {
  readonly score: number;
  /** How far it answers the word, up to 1. */
  readonly answered: number;
  /** Of the tool, those that the word or a meaning of it found. */
  readonly terms: readonly string[];
}

interface Total {
  readonly score: number;
  readonly answered: number;
  readonly terms: Set<string>;
}

/** `network policy` is written as one word in paths. */
function spellingsOf(term: string): string[] {
  return term.includes(" ") ? [term, term.replaceAll(" ", "")] : [term];
}

/** Of the words at the end of a path, which say what it is, how many the question says. */
function namedShare(end: readonly string[], terms: ReadonlySet<string>): number {
  if (end.length === 0) return 1;
  return end.filter((term) => terms.has(term)).length / end.length;
}

function indexed({ name, summary: tool }: Searched, id: number): Indexed {
  const [summary = "", ...rest] = tool.description.split("\n");
  const segments = tool.path.split("/").filter((segment) => !segment.includes("{"));
  const verbs = METHOD_VERBS[tool.method] ?? [];
  const isList = tool.method === "GET" && !tool.path.endsWith("}");
  const words = tool.words.join(" ");
  return {
    id,
    name: `${name} ${tool.tags.join(" ")}`,
    path: segments.join(" "),
    summary,
    description: rest.join(" "),
    verb: [...verbs, ...(isList ? ["list"] : [])].join(" "),
    words: isChangeOfOne(tool) ? "" : words,
    properties: isChangeOfOne(tool) ? words : "",
  };
}
