/** `Headers` as a script has it (Fetch standard section 5.1). */
import { hold, nativeOf, requireNative } from "./private_native.ts";

export class GuestHeaders {
  constructor(init?: unknown) {
    hold(this, new Headers(nativeHeaders(init)));
  }

  append(name: string, value: string): void {
    requireNative<Headers>(this).append(String(name), String(value));
  }

  delete(name: string): void {
    requireNative<Headers>(this).delete(String(name));
  }

  get(name: string): string | null {
    return requireNative<Headers>(this).get(String(name));
  }

  getSetCookie(): string[] {
    return requireNative<Headers>(this).getSetCookie();
  }

  has(name: string): boolean {
    return requireNative<Headers>(this).has(String(name));
  }

  set(name: string, value: string): void {
    requireNative<Headers>(this).set(String(name), String(value));
  }

  *entries(): Generator<[string, string]> {
    for (const [name, value] of requireNative<Headers>(this)) yield [name, value];
  }

  *keys(): Generator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(
    callback: (value: string, name: string, headers: GuestHeaders) => void,
    thisArgument?: unknown,
  ): void {
    for (const [name, value] of this.entries()) {
      Reflect.apply(callback, thisArgument, [value, name, this]);
    }
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return "Headers";
  }
}

/** Native headers as the script's. */
export function headersOf(native: Headers): GuestHeaders {
  const headers = new GuestHeaders();
  hold(headers, native);
  return headers;
}

/** What a script gives as headers, as the runtime takes it. */
export function nativeHeaders(init: unknown): HeadersInit | undefined {
  const native = nativeOf(init);
  return native instanceof Headers ? native : init as HeadersInit | undefined;
}

/** Options of a request or an answer with the runtime's headers in place of the script's. */
export function withNativeHeaders<Init extends { headers?: HeadersInit }>(
  init: Init | undefined,
): Init | undefined {
  if (init === undefined || init === null) return init;
  const { headers } = init;
  return nativeOf(headers) === undefined ? init : { ...init, headers: nativeHeaders(headers)! };
}
