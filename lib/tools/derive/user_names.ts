/** Who was logged in, wherever a request says it: in paths, queries and bodies. Compared without case, as logins are. */
import { words } from "../../http/vocabulary.ts";

/** Names of roles and of what is tried out: where one stands alone it says nothing of a person. */
const ROLE =
  /^(admin|root|user|users|test|tester|demo|guest|info|support|api|app|home|dev|web|public|default)$/i;
/** Shorter names are parts of words by chance. */
const MIN_LENGTH = 4;

/** Fields that say whose a thing is, or who acts. */
const PERSON =
  /\b(user|users|user ?name|login|owner|author|account|assignee|assigned ?to|member|creator|created ?by|by|e ?mail|mail|handle|nick(name)?|principal|who|person|profile|sender|reporter|participant)( id)?$/;

export class UserNames {
  readonly #names: ReadonlySet<string>;

  /** As they were typed to log in. Secret or personal. */
  constructor(names: Iterable<string>) {
    this.#names = new Set([...names].map((name) => name.toLowerCase()));
  }

  has(text: string): boolean {
    return this.#names.has(text.toLowerCase());
  }

  /** What stands before the `@` of an address that was typed: a name of the same person, and no login. */
  isMailName(text: string): boolean {
    const start = `${text.toLowerCase()}@`;
    return isTelling(text) && [...this.#names].some((name) => name.startsWith(start));
  }

  /** Whether a field says in each request who was logged in. */
  isField(name: string, values: readonly unknown[]): boolean {
    return values.length > 0 && PERSON.test(words(name)) &&
      values.every((value) => typeof value === "string" && this.has(value));
  }

  /** What stands around a name inside a text, `~grace`, `grace-notes`, `grace.ics`; `null` where none is whole. */
  around(text: string): { readonly prefix: string; readonly suffix: string } | null {
    if (this.has(text)) return { prefix: "", suffix: "" };
    const lower = text.toLowerCase();
    for (const name of this.#names) {
      const start = isTelling(name) ? lower.indexOf(name) : -1;
      if (start < 0) continue;
      const [prefix, suffix] = [text.slice(0, start), text.slice(start + name.length)];
      if (!/[A-Za-z0-9]$/.test(prefix) && !/^[A-Za-z0-9@]/.test(suffix)) return { prefix, suffix };
    }
    return null;
  }
}

function isTelling(name: string): boolean {
  return name.length >= MIN_LENGTH && !ROLE.test(name);
}
