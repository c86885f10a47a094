/**
 * Answers read on as the prompts come: from stdin or a named pipe, where a code may arrive in the middle of
 * the login. JSON objects follow each other, or lines do: `Label: answer` for a label the login asks for, else
 * the answer to whatever is asked next.
 */
import { matchingLabel } from "../base/labels.ts";
import { type Answers, badAnswers, type MoreAnswers, parseAnswers } from "./answers.ts";

export interface AnswerStreamOptions {
  /** For messages: the file's name, or `-`. */
  readonly source: string;
  /** The labels of the login's prompts, where they are known. */
  readonly labels: readonly string[];
  /** Is told of each object's labels. @throws {AppError} for one that no prompt has. */
  readonly check: (answers: Answers) => void;
}

/** Longest text that is read while an object has no end, in UTF-16 units. */
const MAX_LENGTH = 1024 * 1024;

export class AnswerStream implements MoreAnswers {
  readonly #reader: AsyncIterator<Uint8Array>;
  readonly #options: AnswerStreamOptions;
  readonly #decoder = new TextDecoder();
  #text = "";
  #isAtEnd = false;

  constructor(chunks: AsyncIterable<Uint8Array>, options: AnswerStreamOptions) {
    this.#reader = chunks[Symbol.asyncIterator]();
    this.#options = options;
  }

  async next(): Promise<Answers | string | null> {
    for (;;) {
      const found = this.#take();
      if (found !== undefined) return found;
      if (this.#isAtEnd) return this.#rest();
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#reader.next();
    this.#isAtEnd = done ?? false;
    this.#text += this.#decoder.decode(value, { stream: !this.#isAtEnd });
    if (this.#text.length > MAX_LENGTH) {
      throw badAnswers(this.#options.source, "it is too long for answers");
    }
  }

  /** `undefined` where the next answers have not arrived whole. */
  #take(): Answers | string | undefined {
    this.#text = this.#text.replace(/^(?:\uFEFF|[ \t]*\r?\n)+/, "");
    const start = this.#text.search(/\S/);
    const isObject = this.#text[start] === "{";
    const end = isObject ? endOfObject(this.#text) : this.#text.indexOf("\n");
    if (end < 0) return undefined;
    const taken = this.#text.slice(0, end);
    this.#text = this.#text.slice(isObject ? end : end + 1);
    return isObject ? this.#object(taken) : this.#line(taken);
  }

  #rest(): Answers | string | null {
    const text = this.#text;
    this.#text = "";
    if (text.trim() === "") return null;
    return text.trimStart().startsWith("{") ? this.#object(text) : this.#line(text);
  }

  #object(text: string): Answers {
    const answers = parseAnswers(text, this.#options.source);
    this.#options.check(answers);
    return answers;
  }

  #line(text: string): Answers | string {
    const line = text.replace(/\r$/, "");
    const mark = line.search(/[:=]/);
    const name = line.slice(0, Math.max(mark, 0)).trim();
    if (name === "") return line;
    const answer = line.slice(mark + 1).replace(/^\s/, "");
    const label = matchingLabel(this.#options.labels, name);
    return label === undefined ? line : new Map([[label, [answer]]]);
  }
}

/** Where the object that the text begins with ends; -1 when it does not end here. */
function endOfObject(text: string): number {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const mark = text[index];
    if (isQuoted && mark === "\\") index++;
    else if (mark === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (mark === "{" || mark === "[")) depth++;
    else if (!isQuoted && (mark === "}" || mark === "]") && --depth === 0) return index + 1;
  }
  return -1;
}
