/** One recorded, successful use of an operation, taken apart: what tools are derived from. */
import { isTimestampName } from "../../http/vocabulary.ts";
import { bodyText, parseBody, type ParsedBody } from "../../http/body.ts";
import type { Trace } from "../../http/exchange.ts";
import { mediaType } from "../../http/headers.ts";
import { parseUrl, pathSegments, queryPairs } from "../../http/url.ts";
import { batchItems } from "./batch.ts";
import {
  type CarriedCredentials,
  carriedCredentials,
  type CredentialSpots,
  withoutLeaf,
} from "./credential_spots.ts";
import { type RpcCall, rpcCall } from "./rpc_call.ts";

export interface Sample {
  /** Place among all traces, in time order. */
  readonly index: number;
  readonly trace: Trace;
  readonly method: string;
  readonly url: URL;
  /** Percent-decoded. */
  readonly segments: readonly string[];
  /** Without credentials and cache busters. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Without credentials. */
  readonly body: ParsedBody;
  readonly status: number;
  readonly answer: ParsedBody;
  /** Lower case, without parameters; `""` when there is none. */
  readonly answerType: string;
  readonly carried: CarriedCredentials;
  /** The operation named in the message, where the path does not tell operations apart. */
  readonly call: RpcCall | null;
}

/** How far a client's clock may be off. */
const DAY_MS = 86_400_000;

/** Nobody's path has more; what is read of a path goes a step deeper with each. */
const MAX_SEGMENTS = 256;

/**
 * What a trace holds: one sample, or one per call of a batch; none without an answer, or of an endless path.
 * `carriedAt`: the places of credentials, where some of them are to stay in the query and the body.
 */
export function readSamples(
  trace: Trace,
  index: number,
  spots: CredentialSpots,
  carriedAt: CredentialSpots = spots,
): Sample[] {
  const { request, response } = trace;
  const url = parseUrl(request.url);
  if (response === null || url === null) return [];
  const segments = pathSegments(url);
  if (segments.length > MAX_SEGMENTS) return [];
  const query = queryPairs(url)
    .filter(([name]) => !spots.query.includes(name))
    .filter(([name, value]) =>
      !isCacheBuster(name, value) && !(value === "" && isMadeUpName(name, trace.startedAtMs))
    );
  const body = withoutCredentials(parseBody(request.headers, request.body), spots);
  const answer = readAnswer(trace);
  const whole = {
    index,
    trace,
    method: request.method,
    url,
    segments,
    query,
    status: response.status,
    answerType: mediaType(response.headers),
    carried: carriedCredentials(request, carriedAt),
  };
  return batchItems(body, answer).map((item) => ({
    ...whole,
    ...item,
    call: withoutDeclared(rpcCall(url, query, item.body, request.headers), spots),
  }));
}

/** A GraphQL document declares the variables its credentials travel in; they are no arguments. */
function withoutDeclared(call: RpcCall | null, spots: CredentialSpots): RpcCall | null {
  if (call?.kind !== "graphql" || call.document === null) return call;
  const variables = call.document.variables
    .filter(({ name }) => !spots.body.includes(`variables.${name}`));
  return { ...call, document: { ...call.document, variables } };
}

/** Data under a page's media type is data all the same. */
function readAnswer(trace: Trace): ParsedBody {
  const { headers, body } = trace.response!;
  const parsed = parseBody(headers, body);
  if (parsed.kind !== "html" || body === null) return parsed;
  return /^\s*[{[]/.test(parsed.text)
    ? parseBody(
      [["content-type", "application/json"]],
      new TextEncoder().encode(bodyText(headers, body)),
    )
    : parsed;
}

/** A moment the client adds so that no cache answers: 10 to 16 digits since the epoch. */
function isCacheBuster(name: string, value: string): boolean {
  if (!/^\d+$/.test(value) || value.length < 10) return false;
  // Some put a random number behind the moment.
  return value.length <= 16 && isTimestampName(name) ||
    value.length <= 24 && /^_?(cb|rnd|rand|random|nocache|cache_?bust(er)?)$/i.test(name);
}

/** The same without a name: the moment itself, also in base 36, or what `Math.random()` answered. */
function isMadeUpName(name: string, startedAtMs: number): boolean {
  if (/^0?\.\d{8,}$/.test(name)) return true;
  const moments = [
    ...(/^\d{10}$/.test(name) ? [Number(name) * 1000] : []),
    ...(/^\d{13}$/.test(name) ? [Number(name)] : []),
    ...(/^[a-z0-9]{8}$/.test(name) ? [parseInt(name, 36)] : []),
  ];
  return moments.some((ms) => Math.abs(ms - startedAtMs) < DAY_MS);
}

/** Nor files that were not chosen, for which a form sends an empty name (HTML standard section 4.10.21.4). */
function withoutCredentials(body: ParsedBody, spots: CredentialSpots): ParsedBody {
  switch (body.kind) {
    case "form":
      return { ...body, fields: body.fields.filter(([name]) => !spots.body.includes(name)) };
    case "multipart":
      return {
        ...body,
        parts: body.parts.filter(({ name, fileName }) =>
          !spots.body.includes(name) && fileName !== ""
        ),
      };
    case "json":
      return {
        ...body,
        value: Array.isArray(body.value)
          ? body.value.map((item) => spots.body.reduce(withoutLeaf, item))
          : spots.body.reduce(withoutLeaf, body.value),
      };
    default:
      return body;
  }
}
