/**
 * What a model is told in words that its scripts chose while they ran: names of fields, headers, paths, hosts and
 * prompts that the recording does not have, and lines of `debug()`. A script holds a dictionary, if it wants to, and each
 * word that is told says which one was chosen: some bits of what it had read. So there are few of them for one request to a
 * model, all tries together; after that a name is `…`, and a line is not told.
 */
import { parseUrl } from "../http/url.ts";
import { debugWithheld, ownWordsWithheld } from "./own_words.ts";
import { redactProblem } from "./redact_prose.ts";
import type { Redaction } from "./redaction.ts";

const MAX_NAMES = 16;
const MAX_LINES = 24;

/** In a sentence of a proof: what is quoted, and a request by its method and address, or by its host. */
const CHOSEN = /"([^"]*)"|\brequest (\S+) (\S+)/g;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export class ToldWords {
  readonly #redaction: Redaction;
  readonly #draft: string;
  readonly #names = new Set<string>();
  readonly #lines = new Set<string>();

  /** `draft`: what the analysis wrote, which names what was recorded. */
  constructor(redaction: Redaction, draft: string) {
    this.#redaction = redaction;
    this.#draft = draft;
  }

  /** A problem of a try, as the model is told it. `script`: the source that was tried. */
  problem(text: string, script: string): string {
    const said = `${script}\n${this.#draft}`;
    const few = text.replace(
      CHOSEN,
      (whole, quoted: string | undefined, method: string, target: string) =>
        quoted === undefined ? this.#request(whole, method, target) : `"${this.#name(quoted)}"`,
    );
    // How many there are of what is not named is another number that a script chose.
    const once = [...new Set(few.split("; "))].join("; ");
    return redactProblem(ownWordsWithheld(once, said), this.#redaction, said);
  }

  /** What a try printed, below a line that says so; empty where nothing is told. */
  printed(debug: readonly string[], script: string): string {
    const told = debugWithheld(debug, script, (value) => this.#redaction.knownAs(value));
    const lines = told.filter((line) => this.#mayTell(line));
    if (lines.length === 0) return "";
    const rest = lines.length < told.length ? ["- …"] : [];
    return ["", "debug() printed:", ...lines.map((line) => `- ${line}`), ...rest].join("\n");
  }

  #request(whole: string, method: string, target: string): string {
    if (method === "to") return `request to ${this.#name(target)}`;
    const url = parseUrl(target);
    if (url === null) return whole;
    const path = target.slice(url.origin.length);
    return `request ${this.#name(method)} ${url.origin}${
      path === "" ? "" : this.#name(path, "/…")
    }`;
  }

  #name(name: string, unnamed = "…"): string {
    return this.#isRecorded(name) || isAmong(this.#names, name, MAX_NAMES) ? name : unnamed;
  }

  #mayTell(line: string): boolean {
    return isAmong(this.#lines, line, MAX_LINES);
  }

  #isRecorded(name: string): boolean {
    if (name === "" || METHODS.includes(name) || this.#draft.includes(name)) return true;
    return name.split(".").every((part) =>
      /^\d*$/.test(part) || this.#redaction.isNamedInRequests(part)
    );
  }
}

/** Adds it where there is room. */
function isAmong(kept: Set<string>, text: string, most: number): boolean {
  if (kept.size < most) kept.add(text);
  return kept.has(text);
}
