/**
 * What an operation does to the data behind it, as the document says it: by extensions that generators and
 * gateways write, else by method and name. Pure.
 */
import { booleanAt, type Node } from "./reference.ts";

export interface Effect {
  /** Calls change nothing. */
  readonly safe: boolean;
  /** A second equal call changes no more than the first. */
  readonly idempotent: boolean;
  /** Calls may change or remove what is there. */
  readonly destructive: boolean;
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS", "QUERY"];
const IDEMPOTENT_METHODS = [...SAFE_METHODS, "PUT", "DELETE"];

/** What a name begins with whose operation is sent by POST since what it asks for is too long for a URL. */
const ASKING = new Set(words(`search query find filter lookup list count get fetch`));
/** What follows one of these is done besides: `fetchAndLock`, `findOrCreate`. */
const JOINING = new Set(words(`and or then`));
/** A name with one of these does more than ask: `find_and_delete`. */
const CHANGING = new Set(words(`
  abort accept ack acknowledge acquire activate add allocate append apply approve archive assign attach authorize
  backup ban begin bind block book boot broadcast burn buy cancel capture change charge checkin checkout claim clean
  clear clone close commit complete configure confirm connect consume convert copy create deactivate debit decline
  decrement delete deliver deploy deposit dequeue destroy detach disable disconnect dismiss dispatch drain drop
  duplicate edit eject emit enable end enqueue enroll erase evict execute expire extend finish fire flush follow
  force forget fork forward freeze generate grant hide hold import inc increase increment decrease dec init initialize
  insert install invalidate invite invoke issue join kick kill launch leave lease like link lock login logout mark
  merge migrate modify move mute notify open overwrite patch pause pay pin play pop post prepend prepare process
  promote provision publish purge push put reactivate rebuild receive reboot redeem refresh refund register reject
  release reload remove rename renew reopen replace replay requeue rerun reschedule reserve reset resize resolve
  restart restore resume retry revert revoke rollback rotate run save schedule seed sell send set shift ship shutdown
  sign signup skip snooze spawn spend start stop store submit subscribe suspend swap sync take terminate toggle touch
  transfer trigger truncate unarchive unassign unban unblock uninstall unlink unlock unmute unpin unpublish unregister
  unset unshift unsubscribe update upgrade upload upsert void vote wipe withdraw write
`));

export function effectOf(
  node: Node,
  { method, path, operationId }: {
    readonly method: string;
    readonly path: string;
    readonly operationId: string | null;
  },
): Effect {
  const said = (...names: string[]) =>
    names.map((name) => booleanAt(node, name)).filter((value) => value !== null);
  const saidSafe = said("x-read-only", "x-readonly", "x-safe");
  const [saidDestructive] = said("x-destructive");
  const isUsuallySafe = SAFE_METHODS.includes(method) ||
    method === "POST" && asks(operationId, path);
  // Of two contradicting words the one that warns counts.
  const safe = saidDestructive !== true &&
    (saidSafe.length === 0 ? isUsuallySafe : saidSafe.every((value) => value));
  const idempotent = said("x-idempotent")[0] ?? (safe || IDEMPOTENT_METHODS.includes(method));
  return { safe, idempotent, destructive: !safe && (saidDestructive ?? true) };
}

/**
 * By the operation's own name; by the end of its path where it has none. In doubt it does not: who is wrongly asked
 * to confirm loses a moment, and who is not asked loses data.
 */
function asks(operationId: string | null, path: string): boolean {
  const segments = path.split("/").filter((segment) => !segment.includes("{"));
  const end = segments.at(-1) ?? "";
  const name = operationId ?? end;
  if ([name, end].some((text) => doesMore(wordsOf(text)))) return false;
  return beginsAsking(name) || repeatsPath(wordsOf(name), segments);
}

function doesMore(name: readonly string[]): boolean {
  return name.some((word, index) =>
    CHANGING.has(word) || JOINING.has(name[index - 1] ?? "") && !ASKING.has(word)
  );
}

/**
 * `searchOrders`, `orders.search`, `orders:query`, `orders/list-all`, `search.1`: the verb is first after what
 * groups names.
 */
function beginsAsking(name: string): boolean {
  const own = name.split(/[.:/]/).findLast((part) => !/^v?\d+$/i.test(part)) ?? "";
  return ASKING.has(wordsOf(own)[0] ?? "");
}

/** `pets_search` of `/pets/search`: the words before the asking one name what the path names. */
function repeatsPath(name: readonly string[], segments: readonly string[]): boolean {
  const things = new Set(segments.slice(0, -1).flatMap(wordsOf));
  const isAtEnd = ASKING.has(wordsOf(segments.at(-1) ?? "")[0] ?? "");
  return isAtEnd && ASKING.has(name.at(-1) ?? "") &&
    name.slice(0, -1).every((word) => things.has(word));
}

/** `searchIssuesV2`, `issues:search`, `search_issues` in words. */
function wordsOf(name: string): string[] {
  return words(
    name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
      .toLowerCase().replaceAll(/[^a-z0-9]+/g, " "),
  );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
