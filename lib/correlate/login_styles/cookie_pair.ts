import { isOpaque } from "../../http/opaque.ts";
import { percentDecode } from "../../http/url.ts";
import { directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import { isFromNowhere } from "../earlier_session.ts";
import { applied, concat } from "../expr.ts";
import type { Analysis, Expr } from "../flow.ts";
import { KnownValues } from "../known_values.ts";
import { describePlace, type Leaf } from "../leaves.ts";
import type { Message } from "../recording.ts";
import { madeAnew } from "../session_path.ts";
import { composedOf, inPair } from "../opened_leaf.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * User name and password in base64 in a cookie that the page wrote itself, as appliances have it
 * (`Authorization=Basic%20…`): Basic (RFC 7617) in another place.
 * @rule off: null
 */
export function cookiePair(evidence: Evidence): FoundLogin | null {
  const carrying = evidence.messages.filter(({ succeeded }) => succeeded)
    .flatMap((message) => message.leaves.map((leaf) => ({ message, leaf })))
    .filter(({ message, leaf }) =>
      leaf.place.kind === "cookie" && inPair(decoded(leaf)).length > 0 &&
      isFromNowhere(message, leaf, evidence)
    );
  const [first] = carrying;
  if (first === undefined) return null;
  const { leaf } = first;
  const requests = carrying.filter((one) => one.leaf.value === leaf.value)
    .map(({ message }) => message);
  const known = new KnownValues();
  const client = [[leaf.name, exprOf(leaf, known)] as const];
  const urls = [`${first.message.url.origin}/`];
  const analysis = directFlow(
    { recording: evidence.recording, requests },
    known.inputs,
    { ...EMPTY_RESULT, cookies: { urls, names: [leaf.name], client } },
    describePlace(leaf.place),
    'base64 of what the user typed as "Username" and "Password", written by the page',
  );
  return { analysis: withPathOf(requests, evidence, analysis) };
}

function decoded(leaf: Leaf): Leaf {
  return { ...leaf, value: percentDecode(leaf.value) };
}

function exprOf(leaf: Leaf, known: KnownValues): Expr {
  const plain = decoded(leaf);
  const { pieces, around } = composedOf(plain.value, inPair(plain), (typed) => known.input(typed));
  const text = around(concat(pieces));
  return plain.value === leaf.value ? text : applied("url-encode", text);
}

/** A script hands a cookie over; a path that each login makes anew it cannot put into a call. */
function withPathOf(
  requests: readonly Message[],
  { provenance }: Evidence,
  analysis: Analysis,
): Analysis {
  if (analysis.kind !== "flow") return analysis;
  for (const message of requests) {
    const { leaves, index } = message;
    const leaf = leaves.find(({ place, value }) =>
      place.kind === "path" && (isOpaque(value) || /^[A-Z\d]{8,}$/.test(value)) &&
      provenance.find(value, index) !== null
    );
    if (leaf === undefined) continue;
    return { ...analysis, kind: "draft", gaps: [], reasons: [madeAnew(message, leaf)] };
  }
  return analysis;
}
