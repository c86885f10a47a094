/**
 * `WWW-Authenticate` read as RFC 9110 section 11.6.1 has it: a list of challenges in which the comma
 * separates both challenges and the parameters of one challenge. A name is a parameter when `=`
 * follows it, else it is the scheme of the next challenge.
 */

export interface Challenge {
  /** Lower case: `basic`, `bearer`, `digest`. */
  readonly scheme: string;
  /** What stands in place of parameters in schemes such as `Negotiate`; `null` when there is none. */
  readonly token68: string | null;
  /** Values unquoted, by the name in lower case. Of a repeated name the first value counts. */
  readonly params: Readonly<Record<string, string>>;
}

const SEPARATORS = /[\s,]*/y;
const NAME = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const TOKEN68 = /[0-9A-Za-z\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const REST_OF_ITEM = /(?:"(?:[^"\\]|\\.)*"?|[^,"])*/sy;

/** All challenges of a header value, or of several joined by `, `. What cannot be read is passed over. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; token68: string | null; params: Map<string, string> }[] = [];
  const text = new Scanner(header);
  for (text.take(SEPARATORS); !text.atEnd; text.take(SEPARATORS)) {
    const name = text.take(NAME)?.toLowerCase();
    const current = challenges.at(-1);
    if (name === undefined) {
      text.take(REST_OF_ITEM);
    } else if (current !== undefined && text.take(EQUALS) !== undefined) {
      const value = text.quoted() ?? text.take(NAME) ?? "";
      if (!current.params.has(name)) current.params.set(name, value);
      text.take(REST_OF_ITEM);
    } else {
      text.take(/[ \t]*/y);
      challenges.push({ scheme: name, token68: text.take(TOKEN68) ?? null, params: new Map() });
      if (challenges.at(-1)!.token68 !== null) text.take(REST_OF_ITEM);
    }
  }
  return challenges.map(({ params, ...rest }) => ({ ...rest, params: Object.fromEntries(params) }));
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Consumes and answers what the sticky pattern matches here: its group if it has one. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[1] ?? match[0];
  }

  /** A quoted string with its escapes resolved (RFC 9110 section 5.6.4). */
  quoted(): string | undefined {
    return this.take(QUOTED)?.replace(/\\(.)/gs, "$1");
  }
}
