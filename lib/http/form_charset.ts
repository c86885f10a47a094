/**
 * Forms in another encoding than UTF-8. A browser sends a form in the encoding of its page (HTML, "form
 * submission", step "encoding"), and says so nowhere: the page does.
 */
import { bodyText } from "./body.ts";
import type { HttpResponse, Trace } from "./exchange.ts";
import { contentTypeParameter, headerValue, mediaType } from "./headers.ts";
import { parseUrl } from "./url.ts";

const FORM = "application/x-www-form-urlencoded";

/** So far into a page its encoding is looked for (HTML, "prescan a byte stream", 1024 bytes). */
const PRESCAN = 1_024;

/**
 * The traces with the encoding named in the content type of each form that was sent in another one than UTF-8,
 * where a page of the origin before it names its own.
 */
export function withFormCharsets(traces: Trace[]): Trace[] {
  const ofPages = new Map<string, string>();
  return traces.map((trace) => {
    const origin = parseUrl(trace.request.url)?.origin ?? "";
    const charset = ofPages.get(origin);
    const page = trace.response === null ? null : charsetOfPage(trace.response);
    if (page !== null) ofPages.set(origin, page);
    const { headers, body } = trace.request;
    if (charset === undefined || body === null || mediaType(headers) !== FORM) return trace;
    if (contentTypeParameter(headers, "charset") !== undefined || isUtf8(bodyText([], body))) {
      return trace;
    }
    const named = headers.map(([name, value]): readonly [string, string] =>
      /^content-type$/i.test(name) ? [name, `${value}; charset=${charset}`] : [name, value]
    );
    return { ...trace, request: { ...trace.request, headers: named } };
  });
}

function charsetOfPage({ headers, body }: HttpResponse): string | null {
  if (body === null || !/html/.test(headerValue(headers, "content-type") ?? "")) return null;
  const start = new TextDecoder("latin1").decode(body.subarray(0, PRESCAN));
  const named = [
    contentTypeParameter(headers, "charset"),
    /charset=["']?([\w-]+)/i.exec(start)?.[1],
  ];
  const label = named.find((one) => one !== undefined && !/^utf-?8$/i.test(one));
  try {
    return label === undefined ? null : new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** True where the escapes of the form are those of UTF-8. */
function isUtf8(form: string): boolean {
  try {
    decodeURIComponent(form);
    return true;
  } catch {
    return false;
  }
}
