/** Which scripts of a recording everybody is served, and which were made for their reader. */
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { codeTokens } from "../script/code_tokens.ts";

const NAMES = ["cookie", "authorization"] as const;

/** False where an export left cookies and `Authorization` out: that a request has none says nothing there. */
export function tellsCredentials(traces: readonly Trace[]): boolean {
  return traces.some(isWithCredentials);
}

/**
 * Code that the site does not make for one reader (RFC 9111 section 5.2.2): it says so, or it is kept as a file is, or
 * whoever asked for it was not known. Data that is called a script is a file only where it says so.
 *
 * @param isForAnybody nobody was known yet
 * @param isTold as `tellsCredentials` says of the recording
 */
export function isSharedCode(trace: Trace, isForAnybody: boolean, isTold: boolean): boolean {
  if (trace.noise !== "static-asset" || trace.response === null) return false;
  const { headers } = trace.response;
  if (!/javascript|ecmascript/.test(mediaType(headers))) return false;
  const cached = headerValue(headers, "cache-control") ?? "";
  if (/\b(?:private|no-store)\b/i.test(cached)) return false;
  if (isForAnybody || /\b(?:public|immutable)\b/i.test(cached)) return true;
  if (isData(trace)) return false;
  const isFile = /\bmax-age=[1-9]/i.test(cached) ||
    headerValue(headers, "last-modified") !== undefined ||
    /^"/.test(headerValue(headers, "etag") ?? "");
  return isFile || isTold && !isWithCredentials(trace);
}

function isWithCredentials({ request }: Trace): boolean {
  return NAMES.some((name) => headerValue(request.headers, name) !== undefined);
}

/** Objects and arrays that are assigned or handed over, with nothing that computes: `window.me = {…};`, `loaded([…])`. */
function isData({ response }: Trace): boolean {
  const { headers, body } = response!;
  if (body === null || body.length > MAX_DATA_BYTES) return false;
  const tokens = codeTokens(bodyText(headers, body)) ?? [];
  return tokens.some(({ text }) => /^(?:[{[]|parse)$/.test(text)) &&
    !tokens.some(({ kind, text }) => kind !== "string" && COMPUTES.test(text));
}

const COMPUTES = /^(?:function|=>|class|if|for|while|return|switch|import|export)$/;
/** Larger files are code. */
const MAX_DATA_BYTES = 1024 * 1024;
