/** One answer on the way to the final one, the final one included. */
export interface Hop {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
}

/** Statuses whose response has no body (Fetch standard, "null body status"). */
const NULL_BODY = [101, 103, 204, 205, 304];

/** A standard `Response` that knows the script's URL instead of the wire's, and the hops before it. */
export class GuestResponse extends Response {
  readonly hops: readonly Hop[];

  constructor(body: Uint8Array<ArrayBuffer>, answer: Response, hops: readonly Hop[]) {
    const { status, statusText, headers } = answer;
    super(NULL_BODY.includes(status) ? null : body, { status, statusText, headers });
    this.hops = Object.freeze([...hops]);
  }

  override get url(): string {
    return (this.hops.at(-1)?.url ?? "").split("#", 1)[0]!;
  }

  override get redirected(): boolean {
    return this.hops.length > 1;
  }

  override get type(): ResponseType {
    return "basic";
  }

  override clone(): Response {
    const copy = super.clone();
    Object.setPrototypeOf(copy, GuestResponse.prototype);
    return Object.defineProperty(copy, "hops", { value: this.hops, enumerable: true });
  }
}

Object.freeze(GuestResponse);
Object.freeze(GuestResponse.prototype);
