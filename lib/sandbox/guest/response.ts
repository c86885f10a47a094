/** `Response` as a script has it, which knows the script's URL instead of the wire's, and the hops before it. */
import { GuestBody, nativeBody } from "./web/body.ts";
import { type GuestHeaders, withNativeHeaders } from "./web/headers.ts";
import { hold, requireNative } from "./web/private_native.ts";
import { absoluteUrl } from "./web/request.ts";

/** One answer on the way to the final one, the final one included. */
export interface Hop {
  readonly url: string;
  readonly status: number;
  readonly headers: GuestHeaders;
}

/** Statuses whose response has no body (Fetch standard, "null body status"). */
const NULL_BODY = [101, 103, 204, 205, 304];

/** Out of a script's reach: it takes any object for a native answer. */
let withHops: (native: Response, hops: readonly Hop[]) => GuestResponse;

export class GuestResponse extends GuestBody {
  #hops: readonly Hop[] = Object.freeze([]);

  constructor(body?: unknown, init?: ResponseInit) {
    super();
    hold(this, new Response(nativeBody(body), withNativeHeaders(init)));
  }

  static answering(
    bytes: Uint8Array<ArrayBuffer>,
    { status, statusText, headers }: Response,
    hops: readonly Hop[],
  ): GuestResponse {
    const init = { status, statusText, headers };
    return withHops(new Response(NULL_BODY.includes(status) ? null : bytes, init), hops);
  }

  static json(data: unknown, init?: ResponseInit): GuestResponse {
    return withHops(Response.json(data, withNativeHeaders(init)), []);
  }

  static error(): GuestResponse {
    return withHops(Response.error(), []);
  }

  static redirect(url: string | URL, status?: number): GuestResponse {
    return withHops(Response.redirect(absoluteUrl(url), status), []);
  }

  get hops(): readonly Hop[] {
    return this.#hops;
  }

  get status(): number {
    return requireNative<Response>(this).status;
  }

  get statusText(): string {
    return requireNative<Response>(this).statusText;
  }

  get ok(): boolean {
    return requireNative<Response>(this).ok;
  }

  get url(): string {
    return (this.#hops.at(-1)?.url ?? "").split("#", 1)[0]!;
  }

  get redirected(): boolean {
    return this.#hops.length > 1;
  }

  get type(): ResponseType {
    return this.#hops.length > 0 ? "basic" : requireNative<Response>(this).type;
  }

  clone(): GuestResponse {
    return withHops(requireNative<Response>(this).clone(), this.#hops);
  }

  get [Symbol.toStringTag](): string {
    return "Response";
  }

  static #make(native: Response, hops: readonly Hop[]): GuestResponse {
    const response = new GuestResponse();
    hold(response, native);
    response.#hops = Object.freeze([...hops]);
    return response;
  }

  static {
    withHops = GuestResponse.#make;
  }
}
