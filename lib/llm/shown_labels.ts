/**
 * Titles, headings and buttons of a page as a model may see them. A page speaks to somebody and may say who that is, or
 * what is somebody's: a project is a heading, too. So each word stands for a reason, and the rest is `…`:
 *
 * - the API, a protocol or Keysmith itself says it;
 * - the application says the text to anybody: in its files, before it knew its reader, or to two accounts;
 * - it is what a button does. A name in it is written large, is marked as one by the page, or is held by an answer;
 * - it is in a heading of a page whose address is made of the application's words alone.
 */
import { addressedIn } from "../http/page_people.ts";
import type { PageLabels } from "../http/page_labels.ts";
import { parseUrl, pathSegments } from "../http/url.ts";
import type { Redaction } from "./redaction.ts";
import { areOwnWords } from "./sentence_words.ts";
import { wordsOf } from "./vocabulary.ts";

/** Labels of a page, with its address. */
export interface LabelledPage extends PageLabels {
  readonly url: string;
}

/** How much a label says of its own accord. */
type Trust = "does" | "names" | "none";

/** Headings, and buttons, of one page. */
const MAX_LABELS = 12;
/** Between the parts of a title. */
const SEPARATOR = /(\s[|–—·:-]\s)/;
/** Of a name: given, middle and family name. */
const MAX_NAME_WORDS = 3;
/** Words of which so much is the same are forms of one: `enrol`, `enrolments`. */
const MIN_STEM = 4;
const MAX_ENDING = 5;
/** `Ines's`, `Ines'`. */
const POSSESSIVE = /^\p{Lu}[\p{L}\p{M}-]*[’']s?(?!\p{L})/u;
/** `d'Ines`: what an article is joined to is written small where it names nobody. */
const ELIDED_NAME = /[’']\p{Lu}/u;
/** After a name in Japanese, Chinese and Korean. */
const HONORIFIC = /[\p{L}](?:さん|さま|様|君|ちゃん|先生|女士|小姐|님|씨)/u;
/** What stands in quotes is what somebody called a thing: `Delete “Summer plan”`. */
const QUOTED = /["“”„«»「」]/;
/** Scripts without capitals do not tell names from other words. */
const UNCASED = /^[\p{Lo}\p{M}ー]+$/u;

export class ShownLabels {
  readonly #redaction: Redaction;
  readonly #api: ReadonlySet<string>;

  /** `said`: paths, parameters and members of the API, as a model may see them. */
  constructor(redaction: Redaction, said: string) {
    this.#redaction = redaction;
    this.#api = new Set(
      wordsOf(said).flatMap((word) => [word, `${word}s`, word.replace(/s$/, "")]),
    );
  }

  page({ url, title, headings, buttons, menus }: LabelledPage) {
    const parts = [...title.split(SEPARATOR), ...headings, ...buttons, ...menus];
    const named = new Set(parts.flatMap((text) => this.#firstName(text)));
    const acts = buttons.map((text) => this.#label(text, "does", named));
    const known = new Set(buttons.filter((text, index) => acts[index] === text));
    const trust = this.#isOfWords(url) ? "names" : "none";
    const shown = (text: string) =>
      text.split(SEPARATOR).map((part, index) =>
        index % 2 === 1 || known.has(part.trim()) ? part : this.#label(part, trust)
      ).join("");
    return {
      title: shown(title),
      headings: headings.slice(0, MAX_LABELS).map(shown),
      buttons: [...acts, ...menus.map((text) => this.#label(text, "none"))].slice(0, MAX_LABELS),
    };
  }

  /** `Maria Holt`: words written large and nothing else, which no API says, may be somebody's name. */
  #firstName(text: string): string[] {
    const words = text.trim().split(/\s+/);
    const isName = words.length > 1 && words.length <= MAX_NAME_WORDS &&
      words.every((word) => /^\p{Lu}/u.test(word) && !this.#isSaid(word));
    return isName ? words.slice(0, 1) : [];
  }

  #label(text: string, trust: Trust, named: ReadonlySet<string> = new Set()): string {
    const { texts } = this.#redaction;
    const masked = this.#redaction.maskTyped(text);
    if (masked === text && texts.isPublic(text.trim()) && !texts.isAbout(text)) return text;
    const isLabel = trust !== "names" || /^\P{Ll}/u.test(text.trim());
    const isOfThing = QUOTED.test(text) || HONORIFIC.test(text) || texts.holdsData(text);
    const held = !isLabel || isOfThing ? "none" : trust;
    const names = new Set([...named, ...addressedIn(text).flatMap((name) => name.split(" "))]);
    const isShown = (word: string, isFirst: boolean) =>
      this.#isSaid(word) || !names.has(word) && this.#isTrusted(word, held, isFirst);
    let isFirst = true;
    const words = [...masked.matchAll(/‹[^‹›]*›|[^\s‹›]+|\s+/g)].map(([word]) => {
      if (word.startsWith("‹") || word.trim() === "") return { word, isShown: true };
      const shown = { word, isShown: isShown(word, isFirst) };
      if (/[\p{L}\p{N}]/u.test(word)) isFirst = false;
      return shown;
    });
    return this.#withFirst(words, held).map(({ word, isShown }) => isShown ? word : "…").join("");
  }

  /** The first word of a heading is written large whatever it is: it stands beside others of its kind. */
  #withFirst(words: readonly ShownWord[], trust: Trust): readonly ShownWord[] {
    const [first, ...rest] = words;
    if (first === undefined || first.isShown || trust !== "names") return words;
    const said = rest.filter(({ word }) => /\p{L}/u.test(word));
    const isSentence = said.length > 0 &&
      said.every(({ word, isShown }) => isShown && /^\p{Ll}/u.test(word));
    return isSentence && this.#mayStand(first.word)
      ? [{ ...first, isShown: true }, ...rest]
      : words;
  }

  #isSaid(word: string): boolean {
    if (!/^[\x20-\x7e]+$/.test(word)) return false;
    return areOwnWords(word) || wordsOf(word).every((one) => this.#api.has(one));
  }

  #isTrusted(word: string, trust: Trust, isFirst: boolean): boolean {
    if (trust === "none" || !this.#mayStand(word)) return false;
    if (/^\p{Ll}/u.test(word) || this.#isFormOfSaid(word)) return true;
    return trust === "does" && (isFirst || UNCASED.test(word));
  }

  /** True for a word that is nobody's name, no value and no number. */
  #mayStand(word: string): boolean {
    const [bare = ""] = word.match(/\p{L}[\p{L}\p{M}ー’'-]*/u) ?? [];
    const isWord = bare !== "" && !/[\p{L}\p{N}]/u.test(word.replace(bare, ""));
    if (!isWord || POSSESSIVE.test(word)) return false;
    return !ELIDED_NAME.test(bare) && !this.#redaction.texts.isAbout(bare) &&
      bare.split(/[’']/).every((part) => this.#redaction.name(part) === part);
  }

  /** `Enrol` where the API says `enrolments`, `Archivieren` where it says `archive`. */
  #isFormOfSaid(word: string): boolean {
    const [lower] = word.toLowerCase().match(/\p{L}+/gu) ?? [""];
    return [...this.#api].some((said) => {
      const same = commonStart(lower, said);
      return same >= MIN_STEM && lower.length - same <= MAX_ENDING &&
        said.length - same <= MAX_ENDING &&
        same * 2 > lower.length;
    });
  }

  /** True for an address of the application's words: none of its segments names a thing of somebody's. */
  #isOfWords(url: string): boolean {
    const parsed = parseUrl(url);
    if (parsed === null || parsed.search !== "") return false;
    return pathSegments(parsed).every((segment) =>
      this.#isSaid(segment) || this.#redaction.texts.isPublic(`/${segment}`)
    );
  }
}

interface ShownWord {
  readonly word: string;
  readonly isShown: boolean;
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
