/** What requests and answers have in common (Fetch standard section 5.3). */
import { blobOf, type GuestBlob } from "./blob.ts";
import { ByteStream } from "./byte_stream.ts";
import { formDataOf, type GuestFormData } from "./form_data.ts";
import { type GuestHeaders, headersOf } from "./headers.ts";
import { nativeOf, requireNative } from "./private_native.ts";

export abstract class GuestBody {
  #stream: ByteStream | undefined;
  #headers: GuestHeaders | undefined;

  get headers(): GuestHeaders {
    return this.#headers ??= headersOf(requireNative<Request | Response>(this).headers);
  }

  get bodyUsed(): boolean {
    return requireNative<Request | Response>(this).bodyUsed;
  }

  get body(): ByteStream | null {
    const native = requireNative<Request | Response>(this);
    if (native.body === null) return null;
    return this.#stream ??= new ByteStream(() => this.bytes());
  }

  async text(): Promise<string> {
    return await requireNative<Body>(this).text();
  }

  async json(): Promise<unknown> {
    return await requireNative<Body>(this).json();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return await requireNative<Body>(this).arrayBuffer();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async blob(): Promise<GuestBlob> {
    return blobOf(await requireNative<Body>(this).blob());
  }

  async formData(): Promise<GuestFormData> {
    return formDataOf(await requireNative<Body>(this).formData());
  }
}

/** What a script gives as a body, as the runtime takes it: no object whose methods the runtime would call. */
export function nativeBody(body: unknown): BodyInit | null | undefined {
  if (body === undefined || body === null) return body;
  const native = nativeOf(body);
  if (native instanceof Blob || native instanceof FormData) return native;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body as BodyInit;
  return body instanceof URLSearchParams ? body : String(body);
}
