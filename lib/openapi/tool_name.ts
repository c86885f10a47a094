/** Names for operations that every client accepts: `[A-Za-z0-9_-]`, at most 64 characters, unique. */
import { createHash } from "node:crypto";
import { trimOf } from "../base/trim.ts";

/** What MCP clients and model providers accept, in characters. */
const MAX_TOOL_NAME_LENGTH = 64;
/** Hex digits that keep a shortened name apart from others with the same beginning. */
const HASH_LENGTH = 6;

/** Hands out names; the same operations in the same order always get the same ones. */
export class ToolNames {
  readonly #taken = new Set<string>();

  /**
   * A name for an operation: its id in allowed characters, else method and path. A name that is too
   * long or taken keeps its beginning and ends in a hash of what it stands for.
   */
  nameFor(operationId: string | null, method: string, path: string): string {
    const wanted = clean(operationId ?? "") || clean(`${method.toLowerCase()} ${path}`);
    const short = wanted.length <= MAX_TOOL_NAME_LENGTH && !this.#taken.has(wanted.toLowerCase())
      ? wanted
      : hashed(wanted, `${operationId ?? ""} ${method} ${path}`);
    return this.#take(short);
  }

  /** Two names that differ in case alone would confuse people and some clients. */
  #take(name: string): string {
    let free = name;
    for (let n = 2; this.#taken.has(free.toLowerCase()); n++) free = shortened(name, `_${n}`);
    this.#taken.add(free.toLowerCase());
    return free;
  }
}

/** A name that fits, with a suffix that makes it another one. */
function shortened(name: string, suffix: string): string {
  return name.slice(0, MAX_TOOL_NAME_LENGTH - suffix.length) + suffix;
}

function clean(text: string): string {
  return trimOf(text.replace(/[{}]/g, "").replace(/[^A-Za-z0-9_-]+/g, "_"), "_");
}

function hashed(name: string, meaning: string): string {
  const digest = createHash("sha256").update(meaning).digest("hex").slice(0, HASH_LENGTH);
  return shortened(name, `_${digest}`);
}

/** Argument names for parameters: in the same characters plus ".", unique within one operation. */
export class ArgumentNames {
  readonly #taken = new Set<string>();

  /** The parameter's name where it can stay, else with its place added: `id` and `id_query`. */
  nameFor(name: string, place: string): string {
    const plain = trimOf(name.replace(/[^A-Za-z0-9_.-]+/g, "_"), "_") || place;
    const candidates = [plain, `${plain}_${place}`];
    let free = candidates.map((candidate) => candidate.slice(0, MAX_TOOL_NAME_LENGTH))
      .find((candidate) => !this.#taken.has(candidate));
    for (let n = 2; free === undefined; n++) {
      const numbered = shortened(plain, `_${n}`);
      if (!this.#taken.has(numbered)) free = numbered;
    }
    this.#taken.add(free);
    return free;
  }
}
