/**
 * Finds tools by what a person or a model asks for, in its own words. Each word of the question is looked for by
 * itself (BM25, over stems), together with what it may stand for; a tool gets the best of these for each word, so
 * that no word counts twice, and tools that answer more of the question come first.
 */
import MiniSearch, { type SearchResult } from "minisearch";
import { stemmer } from "stemmer";
import type { ToolSummary } from "../ops/tool_owner.ts";
import {
  ARTICLES,
  ASKING_WORDS,
  IDLE_WORDS,
  MANY_WORDS,
  meaningsOf,
  METHOD_VERBS,
  READING,
  readMeaningsOf,
  verbsOf,
  widerMeaningsOf,
  widerReadMeaningsOf,
  widerVerbsOf,
} from "./search_words.ts";
import { phrasesIn } from "./phrases.ts";
import { wordsIn } from "./words_in.ts";
import type { OwnedTool } from "./tool_description.ts";

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
}

const FIELDS = ["name", "path", "summary", "description", "verb", "words"] as const;
/** Fields that mention what a tool is not about. */
const ASIDE = new Set<string>(["description", "words"]);
const ASIDE_WEIGHT = 0.6;
const BOOST = { name: 3, path: 3, summary: 3, description: 0.7, verb: 3, words: 0.3 };
/** Of what a word may stand for, against the word itself. */
const MEANING_WEIGHT = 0.85;
const WIDER_WEIGHT = 0.4;
/** The score of a phrase is the sum of its words'. */
const PHRASE_POWER = 1.4;
/** Of two words that mean one thing. */
const PAIR_WEIGHT = 1.6;
/** Of an operation that does what is wanted. */
const WANTED_WEIGHT = 1.35;
/** Of one that reads one thing where several are asked for, and the other way round. */
const LESS_WANTED_WEIGHT = 1.2;
/** Of a tool that answers next to nothing of the question, before what it answers is added. */
const LEAST = 0.2;
/** Of a tool whose path ends in words that the question does not say, before the share of those it says is added. */
const LEAST_NAMED = 0.8;
/** What each segment of a path costs: what is asked for most stands high in a hierarchy. */
const DEPTH_WEIGHT = 0.15;
/** Of what a word tells by being answered by few tools. */
const TELLING_POWER = 0.25;
/** Of a question. */
const MAX_WORDS = 24;

export class ToolSearch {
  readonly #tools: readonly Searched[];
  readonly #index: MiniSearch<Indexed>;
  readonly #priors: readonly number[];
  readonly #ends: readonly (readonly string[])[];

  constructor(tools: readonly Searched[]) {
    this.#tools = tools;
    this.#priors = tools.map(({ summary }) => priorOf(summary));
    this.#ends = tools.map(({ summary }) => pathEnd(summary));
    this.#index = new MiniSearch<Indexed>({
      fields: [...FIELDS],
      tokenize: wordsIn,
      processTerm: stemmer,
      searchOptions: { boost: BOOST },
    });
    this.#index.addAll(tools.map(indexed));
  }

  /** The tools that fit, best first. */
  search(question: string): Searched[] {
    const words = this.#questionWords(question);
    const wanted = wantedVerbs(question, words);
    const isReading = [...wanted.keys()].every((verb) => READING.includes(verb));
    const found = words.map((word) => this.#scoresOf(word, isReading));
    const weights = words.map((word) => word.includes("_") ? PAIR_WEIGHT : 1);
    const shares = weights.map((weight, at) => weight * this.#telling(found[at]!.size));
    const whole = shares.reduce((sum, share) => sum + share, 0);
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
    const ranked = [...totals].map(([id, { score, answered, terms }]) => ({
      id,
      score: score * this.#priors[id]! * (LEAST + answered / whole) *
        (LEAST_NAMED + namedShare(this.#ends[id]!, terms)) *
        (wanted.get(verbOf(this.#tools[id]!.summary)) ?? 1),
    }));
    return ranked.toSorted((a, b) => b.score - a.score || a.id - b.id)
      .map(({ id }) => this.#tools[id]!);
  }

  /** How much of a question a word is that so many tools answer: the fewer they are, the more it says. */
  #telling(tools: number): number {
    return Math.log(1 + this.#tools.length / (1 + tools)) ** TELLING_POWER;
  }

  /** Words that tell, and instead of two of them what they are together: `call_off`, `config_map`. */
  #questionWords(question: string): string[] {
    const words = wordsIn(question);
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
    return [...new Set(chosen.length > 0 ? chosen : words)].slice(0, MAX_WORDS);
  }

  /** The best score of a word and its meanings, by tool. */
  #scoresOf(word: string, isReading: boolean): Map<number, WordScore> {
    const best = new Map<number, WordScore>();
    const own = word.replace("_", "");
    this.#note(best, this.#index.search(own), own === word ? 1 : MEANING_WEIGHT);
    const meanings = isReading
      ? [readMeaningsOf(word), widerReadMeaningsOf(word)]
      : [meaningsOf(word), widerMeaningsOf(word)];
    for (const [at, terms] of meanings.entries()) {
      for (const term of terms.flatMap(spellingsOf)) {
        // Two words together are seldom said of something else.
        const loose = word.includes("_") ? MEANING_WEIGHT : WIDER_WEIGHT;
        const weight = [MEANING_WEIGHT, loose][at]! / term.split(" ").length ** PHRASE_POWER;
        this.#note(best, this.#index.search(term, { combineWith: "AND" }), weight);
      }
    }
    if (best.size > 0) return best;
    this.#note(best, this.#index.search(word, { fuzzy: 0.4, prefix: true }), 0.5);
    return best;
  }

  #note(best: Map<number, WordScore>, found: readonly SearchResult[], weight: number): void {
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

/** The words of the last segment that is not a parameter. */
function pathEnd({ path }: ToolSummary): string[] {
  const last = path.split("/").findLast((segment) => segment !== "" && !segment.includes("{"));
  return wordsIn(last ?? "").map(stemmer);
}

function indexed({ name, summary: tool }: Searched, id: number): Indexed {
  const [summary = "", ...rest] = tool.description.split("\n");
  const segments = tool.path.split("/").filter((segment) => !segment.includes("{"));
  const verbs = METHOD_VERBS[tool.method] ?? [];
  const isList = tool.method === "GET" && !tool.path.endsWith("}");
  return {
    id,
    name: `${name} ${tool.tags.join(" ")}`,
    path: segments.join(" "),
    summary,
    description: rest.join(" "),
    verb: [...verbs, ...(isList ? ["list"] : [])].join(" "),
    words: tool.words.join(" "),
  };
}

/** What is asked for seldom goes behind what is asked for often: versions that are not final, deep paths. */
function priorOf({ method, path, description }: ToolSummary): number {
  const depth = path.split("/").length;
  const isDeprecated = /\bdeprecated\b/i.test(description.slice(0, 200));
  const isUnfinished = /v\d+(alpha|beta)\d*|\/beta\/|preview/i.test(path);
  return (method === "HEAD" ? 0.5 : 1) * (isDeprecated ? 0.5 : 1) * (isUnfinished ? 0.7 : 1) /
    (1 + DEPTH_WEIGHT * depth);
}

/**
 * What the question wants done: to read, where it asks for something or names no verb. A thing with an article
 * behind it is used as a verb, and adds something: "tag a ticket".
 */
function wantedVerbs(question: string, words: readonly string[]): Map<string, number> {
  const said = wordsIn(question);
  const [first = "", second = ""] = said;
  const isAsking = ASKING_WORDS.has(first);
  // "saved", "changed" say of a thing what was done to it.
  const verbs = isAsking ? [] : words.filter((word) => !word.endsWith("ed"))
    .flatMap((word) =>
      word.includes("_") ? [...verbsOf(word), ...widerVerbsOf(word)] : verbsOf(word)
    );
  const isChange = verbs.some((verb) => !READING.includes(verb));
  if (isChange) return new Map(verbs.map((verb) => [verb, WANTED_WEIGHT]));
  const isOrder = verbs.length === 0 && !isAsking && !IDLE_WORDS.has(first) &&
    ARTICLES.has(second);
  if (isOrder) return new Map([["create", WANTED_WEIGHT]]);
  const isOne = !MANY_WORDS.has(first) && said.slice(0, 3).some((word) => ARTICLES.has(word));
  const [most, less] = isOne ? ["get", "list"] : ["list", "get"];
  return new Map([[most, WANTED_WEIGHT], [less, LESS_WANTED_WEIGHT]]);
}

/** The verb of an operation: a POST to one thing changes it, unless its name says what it does. */
function verbOf({ method, path }: ToolSummary): string {
  const isOne = path.endsWith("}");
  if (method === "GET") return isOne ? "get" : "list";
  if (method === "POST") return isOne ? "update" : "create";
  return METHOD_VERBS[method]?.[0] ?? "";
}
