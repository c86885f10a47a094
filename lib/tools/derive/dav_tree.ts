/**
 * Trees of WebDAV (RFC 4918): below such a collection a path names files and folders of a person, as deep as they
 * like. Which requests stand in one is told by what its own methods were answered there; a `GET` or `PUT` is one of
 * them where it is in a folder that they were used in.
 */
import type { Sample } from "./sample.ts";
import type { UserNames } from "./user_names.ts";

/** Of RFC 4918 section 9, of RFC 3253 section 3.6 and of RFC 4791 section 5.3.1. */
const TREE_METHODS = new Set(
  "PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT MKCALENDAR".split(" "),
);

/** How many segments lead to the tree that a sample's path goes on in; samples of no tree are not in it. */
export function treeDepths(samples: readonly Sample[], personal: UserNames): Map<Sample, number> {
  const depths = new Map<Sample, number>();
  for (const some of Map.groupBy(samples, ({ url }) => url.origin).values()) {
    const own = some.filter(({ method }) => TREE_METHODS.has(method));
    for (const members of Map.groupBy(own, (sample) => mountOf(sample, personal).key).values()) {
      if (members.some(isAnsweredAsTree)) placeIn(members, some, personal, depths);
    }
  }
  return depths;
}

/** A server without WebDAV refuses these, or answers them as it does a `GET`. */
function isAnsweredAsTree({ method, status }: Sample): boolean {
  return status === 207 || (method === "MKCOL" || method === "MKCALENDAR") && status === 201;
}

/** What stands before the tree in any case: up to whose it is, else the first segment. */
function mountOf({ segments }: Sample, personal: UserNames): { depth: number; key: string } {
  const user = segments.slice(0, -1).findIndex((segment) => personal.around(segment) !== null);
  const depth = user < 0 ? Math.min(1, segments.length - 1) : user + 1;
  return { depth, key: folder(segments.slice(0, depth)) };
}

function placeIn(
  members: readonly Sample[],
  samples: readonly Sample[],
  personal: UserNames,
  depths: Map<Sample, number>,
): void {
  const folders = members.map(folderOf);
  const depth = Math.max(commonDepth(folders), mountOf(members[0]!, personal).depth);
  const root = folder(members[0]!.segments.slice(0, depth));
  const used = new Set(folders.map(folder));
  for (const sample of samples) {
    const { segments, method } = sample;
    const isBelow = segments.length > depth && folder(segments.slice(0, depth)) === root;
    const isUsed = TREE_METHODS.has(method) || used.has(folder(segments.slice(0, -1)));
    if (isBelow && isUsed) depths.set(sample, depth);
  }
}

/** What is listed, else the folder of what something is done to. */
function folderOf({ method, segments }: Sample): readonly string[] {
  const lists = (method === "PROPFIND" || method === "REPORT") && segments.at(-1) !== "";
  return lists ? segments : segments.slice(0, -1);
}

function commonDepth(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  const end = first.findIndex((segment, at) => folders.some((other) => other[at] !== segment));
  return end < 0 ? first.length : end;
}

function folder(segments: readonly string[]): string {
  return segments.join("/");
}
