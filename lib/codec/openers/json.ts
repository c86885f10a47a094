import { parseGuardedJson, stripJsonGuard } from "../../http/body.ts";
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
export const jsonOpener: OpenerCodec<{ readonly kind: "json"; readonly path: JsonPath }> = {
  *find(text) {
    const mayBe = /^[[{"]/.test(stripJsonGuard(text.trimStart()));
    const value = mayBe ? parseGuardedJson(text) : undefined;
    if (value === undefined) return;
    for (const [path, leaf] of jsonLeaves(value)) yield [{ kind: "json", path }, leaf];
  },
  take: ({ path }, text) => jsonLeaf(parseGuardedJson(text), path),
  put: ({ path }, text, fresh) => putJsonLeaf(text, path, fresh),
  write: ({ path }, text, uses) => uses.call("at", text, ...pathCode(path)),
  describe: () => "json",
  masked: (opener, mask) => ({ ...opener, path: maskedPath(opener.path, mask) }),
};
