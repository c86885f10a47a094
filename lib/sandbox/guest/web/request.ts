/** `Request` as a script has it. */
import { GuestBody, nativeBody } from "./body.ts";
import { nativeHeaders } from "./headers.ts";
import { hold, nativeOf, requireNative } from "./private_native.ts";

export class GuestRequest extends GuestBody {
  constructor(input: unknown, init?: RequestInit) {
    super();
    hold(this, nativeRequest(input, init));
  }

  get method(): string {
    return requireNative<Request>(this).method;
  }

  get url(): string {
    return requireNative<Request>(this).url;
  }

  get redirect(): RequestRedirect {
    return requireNative<Request>(this).redirect;
  }

  get signal(): AbortSignal {
    return requireNative<Request>(this).signal;
  }

  clone(): GuestRequest {
    const copy = new GuestRequest(requireNative<Request>(this).url);
    hold(copy, requireNative<Request>(this).clone());
    return copy;
  }

  get [Symbol.toStringTag](): string {
    return "Request";
  }
}

/** The runtime's request for what a script hands to `fetch` or `new Request`. */
export function nativeRequest(input: unknown, init?: RequestInit): Request {
  const native = nativeOf(input);
  const target = native instanceof Request ? native : absoluteUrl(input);
  if (init === undefined || init === null) return new Request(target);
  const { body, headers, ...others } = init as RequestInit & { body?: unknown };
  const own = nativeBody(body);
  return new Request(target, {
    ...others,
    ...headers === undefined ? {} : { headers: nativeHeaders(headers)! },
    ...own === undefined ? {} : { body: own },
  });
}

/**
 * The runtime would complete other texts by the place of the Worker's own program, and say it in an error.
 *
 * @throws {TypeError} for what is not absolute.
 */
export function absoluteUrl(input: unknown): string {
  return new URL(String(input)).href;
}
