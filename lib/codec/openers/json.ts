import { parseJson } from "../../base/json.ts";
import { stripJsonGuard } from "../../http/body.ts";
import type { OpenerCodec } from "../codec.ts";
import {
  jsonLeaf,
  jsonLeaves,
  type JsonPath,
  maskedPath,
  pathCode,
  putJsonLeaf,
} from "../json_text.ts";

/** A leaf of JSON text. */
export interface JsonOpener {
  readonly kind: "json";
  readonly path: JsonPath;
}

export const jsonOpener: OpenerCodec<JsonOpener> = {
  *find(text) {
    const json = stripJsonGuard(text.trim());
    const value = /^[[{"]/.test(json) ? parseJson(json) : undefined;
    if (value === undefined) return;
    for (const [path, leaf] of jsonLeaves(value)) yield [{ kind: "json", path }, leaf];
  },
  take: ({ path }, text) => jsonLeaf(parseJson(stripJsonGuard(text.trim())), path),
  put({ path }, text, fresh) {
    const json = stripJsonGuard(text.trim());
    const guard = text.slice(0, text.indexOf(json));
    const changed = putJsonLeaf(json, path, fresh);
    return changed === undefined ? undefined : guard + changed;
  },
  write: ({ path }, text, uses) => uses.call("at", text, ...pathCode(path)),
  describe: () => "json",
  masked: (opener, mask) => ({ ...opener, path: maskedPath(opener.path, mask) }),
};
