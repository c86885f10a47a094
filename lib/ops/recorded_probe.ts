/** A probe of a flow as it is stored: what says which client asks is kept, what says who asks is not. */
import type { LoginFlow, RecordedProbe } from "../correlate/flow.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { bodyText, parseBody } from "../http/body.ts";
import type { HeaderList, HttpRequest, HttpResponse, Trace } from "../http/exchange.ts";
import { parseUrl, queryPairs } from "../http/url.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { AuthRecord } from "../token/auth_file.ts";
import { marksOf } from "../token/answer_marks.ts";
import type { ProbeRequest, RecordedAnswer } from "../token/probe_request.ts";
import { copiedCredentials } from "../tools/derive/copied_credentials.ts";
import { carriedCredentials, spotsOfResult } from "../tools/derive/credential_spots.ts";
import { withoutQueryValues } from "../tools/query_text.ts";

/** `Depth` says how much a WebDAV listing lists (RFC 4918 section 10.2). */
const KEPT_HEADERS: readonly string[] = ["accept", "depth", "user-agent"];

/** The probes of a flow, the best first; none whose address repeats a credential, which it would lack. */
export function probesOf(
  flow: LoginFlow,
  traces: readonly Trace[],
): Pick<AuthRecord, "probe" | "moreProbes"> {
  const recorded = [flow.probe, ...flow.moreProbes ?? []].filter((probe) => probe !== null)
    .filter(({ trace }) => !traces.some((one) => one.id === trace && repeatsCredential(one, flow)));
  const [probe = null, ...moreProbes] = recorded.map((one) => probeOf(flow, one, traces));
  return { probe, moreProbes };
}

function repeatsCredential({ request }: Trace, { result }: LoginFlow): boolean {
  const spots = spotsOfResult(result);
  return copiedCredentials([request], spots).length > 0;
}

function probeOf(
  { result }: LoginFlow,
  { trace, method, url }: RecordedProbe,
  traces: readonly Trace[],
): ProbeRequest {
  const recorded = traces.find(({ id }) => id === trace);
  const isPost = method === "POST" && recorded !== undefined;
  const names = result.queryParams.map(([name]) => name);
  const parsed = parseUrl(url);
  const sent = (parsed === null ? [] : queryPairs(parsed)).map(([name]) => name);
  return {
    method,
    url: withoutQueryValues(url, (name) => names.includes(name)),
    headers: (recorded?.request.headers ?? []).filter(isClients(result.headers, isPost)),
    credentialQuery: names.filter((name) => sent.includes(name)),
    ...(isPost
      ? bodyOf(recorded.request, carriedCredentials(recorded.request, spotsOfResult(result)).body)
      : {}),
    ...(recorded?.response == null ? {} : { recorded: recordedAnswer(recorded.response) }),
  };
}

function recordedAnswer({ status, headers, body }: HttpResponse): RecordedAnswer {
  const content = parseBody(headers, body);
  const { kind, shape } = marksOf({ status, isLogin: false, place: null, content });
  return { kind, shape };
}

/** The body as a stranger would send it. */
function bodyOf(
  { headers, body }: HttpRequest,
  paths: readonly string[],
): Pick<ProbeRequest, "body" | "credentialBody"> {
  if (body === null) return { body: "" };
  const parsed = parseBody(headers, body);
  if (parsed.kind === "form") {
    const kept = parsed.fields.filter(([name]) => !paths.includes(name));
    return {
      body: new URLSearchParams(kept.map(([name, value]): [string, string] => [name, value]))
        .toString(),
      credentialBody: paths,
    };
  }
  if (parsed.kind !== "json") return { body: bodyText(headers, body) };
  const kept = paths.reduce<JsonValue>(withoutPath, parsed.value);
  return { body: JSON.stringify(kept), credentialBody: paths };
}

/** As `setAtPath` reads paths. */
function withoutPath(json: JsonValue, path: string): JsonValue {
  if (Array.isArray(json)) return json.map((item: JsonValue) => withoutPath(item, path));
  if (!isRecord(json)) return json;
  const members = Object.entries(json) as [string, JsonValue][];
  const [head = "", ...rest] = path.split(".");
  return Object.fromEntries(
    members.filter(([name]) => name !== path && (rest.length > 0 || name !== head))
      .map(([name, value]) =>
        name === head && rest.length > 0
          ? [name, withoutPath(value, rest.join("."))]
          : [name, value]
      ),
  );
}

function isClients(credentials: LoginFlow["result"]["headers"], isPost: boolean) {
  const held = new Set(credentials.map(([name]) => name.toLowerCase()));
  return ([name]: HeaderList[number]): boolean => {
    const lower = name.toLowerCase();
    if (held.has(lower) || lower === "authorization") return false;
    if (isPost && (lower === "content-type" || lower === "soapaction")) return true;
    return KEPT_HEADERS.includes(lower) || isOwnHeader(lower);
  };
}
