/** Names of tools for what is done to files and folders of a WebDAV tree: `list_files`, `create_folder`, `move_file`. */
import { plural, singular } from "./nouns.ts";

/** What a mount is called that says nothing of what is in it. */
const MOUNT = /^(?:(?:remote|public|index)(?:_.*)?|(?:web)?dav|root)$/;

type Words = (one: string, several: string, folder: string) => string[];

const NAMES: Readonly<Record<string, Words>> = {
  PROPFIND: (_, several) => ["list", several],
  REPORT: (_, several) => ["query", several],
  GET: (one) => ["get", one],
  PUT: (one) => ["upload", one],
  DELETE: (one) => ["delete", one],
  MKCOL: (_, __, folder) => ["create", folder],
  MKCALENDAR: () => ["create_calendar"],
  PROPPATCH: (one) => ["update", one, "properties"],
};

/** `owners`: the route's nouns in singular, the last one the nearest. */
export function treeNames(method: string, verb: string, owners: readonly string[]): string[][] {
  const word = owners.findLast((noun) => !MOUNT.test(noun)) ?? "file";
  const one = singular(word);
  const words = NAMES[method]?.(one, plural(word), one === "file" ? "folder" : `${one}_folder`) ??
    [verb, one];
  const near = owners.filter((noun) => noun !== word).slice(-1);
  return [words, [...words.slice(0, 1), ...near, ...words.slice(1)]];
}
