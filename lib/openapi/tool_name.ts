/** Names for operations that every client accepts: `[A-Za-z0-9_-]`, at most 64 characters, unique. */
import { shortName } from "../base/short_name.ts";
import { trimOf } from "../base/trim.ts";

/** What MCP clients and model providers accept, in characters. */
const MAX_TOOL_NAME_LENGTH = 64;

export interface NamedOperation {
  readonly operationId: string | null;
  readonly method: string;
  readonly path: string;
}

/**
 * A name for each operation: its id in allowed characters, else method and path. Ids that fit are taken as they
 * are, whatever stands before them in the document; of a longer one the words that fit.
 */
export function toolNames(operations: readonly NamedOperation[]): string[] {
  const wanted = operations.map(wantedName);
  const taken = new Set<string>();
  // Two names that differ in case alone would confuse people and some clients.
  const isFree = (name: string) => !taken.has(name.toLowerCase());
  const names = wanted.map((name) => {
    if (name.length > MAX_TOOL_NAME_LENGTH || !isFree(name)) return null;
    taken.add(name.toLowerCase());
    return name;
  });
  return names.map((name, at) => {
    if (name !== null) return name;
    const free = freeName(wanted[at]!, operations[at]!, isFree);
    taken.add(free.toLowerCase());
    return free;
  });
}

function wantedName({ operationId, method, path }: NamedOperation): string {
  return clean(operationId ?? "") || byPath(method, path);
}

/** Of an id that stands twice, method and path say which is meant. */
function freeName(
  wanted: string,
  { method, path }: NamedOperation,
  isFree: (name: string) => boolean,
): string {
  const isTaken = wanted.length <= MAX_TOOL_NAME_LENGTH;
  return shortName(isTaken ? byPath(method, path) : wanted, MAX_TOOL_NAME_LENGTH, isFree);
}

function byPath(method: string, path: string): string {
  return clean(`${method.toLowerCase()} ${path}`);
}

function clean(text: string): string {
  return trimOf(text.replace(/[{}]/g, "").replace(/[^A-Za-z0-9_-]+/g, "_"), "_");
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
      const suffix = `_${n}`;
      const numbered = plain.slice(0, MAX_TOOL_NAME_LENGTH - suffix.length) + suffix;
      if (!this.#taken.has(numbered)) free = numbered;
    }
    this.#taken.add(free);
    return free;
  }
}
