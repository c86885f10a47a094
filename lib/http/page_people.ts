/**
 * Whom a page names, by what it says itself: an element that is classed as a user's name, a portrait, a greeting,
 * a title before a name. Words that are found so are hidden; what is not found here is not shown for that.
 */
import { trimEndOf } from "../base/trim.ts";
import { readHtml } from "./read_html.ts";

/** Classes, ids and properties of elements that hold who somebody is (schema.org Person, hCard, common names). */
const PERSON_MARK =
  /(?:^|[\s_-])(?:user-?name|full-?name|display-?name|nick-?name|given-?name|family-?name|avatar|author|owner|patient|person|whoami|signed-?in-?as|logged-?in-?as)(?:$|[\s_-])|^(?:user|name|fn|n)$/i;
const GREETING = new RegExp(
  "(?:welcome(?: back)?|hello|hi|hey|dear|good (?:morning|afternoon|evening)|signed in as|logged in as|" +
    "willkommen(?: zurück)?|hallo|guten (?:tag|morgen|abend)|angemeldet als|moin|servus|" +
    "bonjour|bonsoir|bienvenue|connecté en tant que|hola|bienvenid[oa]|buenos días|conectado como|" +
    "ciao|benvenut[oa]|olá|bem-vind[oa]|hallå|hej|välkommen|witaj|cześć|merhaba|hoş geldin(?:iz)?|" +
    "здравствуйте|привет|добро пожаловать|с возвращением)$",
  "iu",
);
const TITLES = new Set(
  ("dr prof mr mrs ms miss mx sir herr frau hr fr mme mlle monsieur madame sr sra srta señor señora signor signora sig " +
    "dott dra pan pani").split(" "),
);
/** `Ines's projects`, at the beginning of a line. */
const OWNER = /^(\p{Lu}[\p{L}\p{M}-]{1,40})[’']s\s/u;
/** `What's new`, `Today's visits`. */
const SHORTENED = new Set(
  "what let it he she here there that who how where when today tomorrow yesterday everybody everyone"
    .split(" "),
);
const SIGNS = ".,!?:;";
const BLOCKS = new Set(
  "address article aside body button dd div dt footer form h1 h2 h3 h4 h5 h6 header li main nav p section table td th title tr ul ol"
    .split(" "),
);
/** Longer texts are prose. In UTF-16 units. */
const MAX_TEXT = 80;
/** Of a name: given, middle and family names, particles. */
const MAX_NAME_WORDS = 4;

/** Texts that say who somebody is, as they stand. */
export function pagePeople(html: string): string[] {
  return namesIn(html, new PeopleReader());
}

/** Whom the page greets: it knows its reader. */
export function greetedIn(html: string): string[] {
  return namesIn(html, new GreetingReader());
}

function namesIn(html: string, reader: GreetingReader): string[] {
  readHtml(html, {
    onopentag: (tag, attributes) => reader.open(tag, attributes),
    ontext: (text) => reader.text(text),
    onclosetag: (tag) => reader.close(tag),
  });
  return reader.names();
}

/** Text that may stand in elements inside it, line by line. */
class GreetingReader {
  readonly #found = new Set<string>();
  #line = "";

  open(tag: string, _attributes: Readonly<Record<string, string>>): void {
    if (BLOCKS.has(tag)) this.#endLine();
  }

  text(text: string): void {
    this.#line = (this.#line + text).slice(0, 2 * MAX_TEXT);
  }

  close(tag: string): void {
    if (BLOCKS.has(tag)) this.#endLine();
  }

  names(): string[] {
    this.#endLine();
    return [...this.#found];
  }

  protected namesOf(line: string): string[] {
    return addressedIn(line, new Set());
  }

  protected note(text: string): void {
    const name = text.replace(/\s+/g, " ").trim();
    if (/\p{L}/u.test(name) && name.length <= MAX_TEXT) this.#found.add(name);
  }

  #endLine(): void {
    for (const name of this.namesOf(this.#line)) this.note(name);
    this.#line = "";
  }
}

class PeopleReader extends GreetingReader {
  /** Text of the elements that are open, with whether one is marked to name somebody. */
  readonly #open: { readonly isPerson: boolean; text: string }[] = [];

  override open(tag: string, attributes: Readonly<Record<string, string>>): void {
    super.open(tag, attributes);
    const isPerson = ["class", "id", "itemprop", "rel"].some((name) => {
      const mark = attributes[name];
      return mark !== undefined && mark.length <= MAX_TEXT && PERSON_MARK.test(mark);
    });
    if (isPerson && tag === "img") this.note(attributes["alt"] ?? "");
    this.#open.push({ isPerson, text: "" });
  }

  override text(text: string): void {
    super.text(text);
    const element = this.#open.at(-1);
    if (element?.isPerson) element.text = (element.text + text).slice(0, 2 * MAX_TEXT);
  }

  override close(tag: string): void {
    const element = this.#open.pop();
    if (element?.isPerson) this.note(element.text);
    super.close(tag);
  }

  protected override namesOf(line: string): string[] {
    const [, owner = ""] = OWNER.exec(line.trim()) ?? [];
    return [...addressedIn(line), ...SHORTENED.has(owner.toLowerCase()) ? [] : [owner]];
  }
}

/** Names after a greeting or a title: `Welcome back, Dr. Ines Okafor`. */
export function addressedIn(line: string, titles: ReadonlySet<string> = TITLES): string[] {
  const words = line.replace(/\s+/g, " ").trim().slice(0, 2 * MAX_TEXT).split(" ");
  const found: string[] = [];
  for (const [index, word] of words.entries()) {
    const said = words.slice(Math.max(0, index - 2), index + 1).join(" ").replace(/[,:!]$/, "");
    const isTitle = titles.has(word.toLowerCase().replace(/[.,]$/, ""));
    const suffixes = said.split(" ").map((_, from, all) => all.slice(from).join(" "));
    if (!isTitle && !suffixes.some((suffix) => isGreeting(suffix))) continue;
    const name = nameFrom(words.slice(index + 1));
    if (name !== "") found.push(name);
  }
  return found;
}

function isGreeting(text: string): boolean {
  const [greeting] = GREETING.exec(text) ?? [];
  return greeting !== undefined && greeting.length === text.length;
}

/** The words in capitals that come first, titles left out. */
function nameFrom(words: readonly string[]): string {
  const named: string[] = [];
  for (const word of words) {
    if (TITLES.has(word.toLowerCase().replace(/[.,]$/, ""))) continue;
    if (!/^\p{Lu}/u.test(word) || named.length === MAX_NAME_WORDS) break;
    named.push(trimEndOf(word, SIGNS).replace(/[’']s?$/, ""));
    if (/[.,!?:;]$/.test(word)) break;
  }
  return named.join(" ");
}
