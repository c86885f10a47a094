/** `Blob` and `File` as a script has them (File API). */
import { ByteStream } from "./byte_stream.ts";
import { hold, nativeOf, requireNative } from "./private_native.ts";

export class GuestBlob {
  constructor(parts: Iterable<unknown> = [], options: BlobPropertyBag = {}) {
    hold(this, new Blob([...parts].map(nativePart), { type: String(options?.type ?? "") }));
  }

  get size(): number {
    return requireNative<Blob>(this).size;
  }

  get type(): string {
    return requireNative<Blob>(this).type;
  }

  async text(): Promise<string> {
    return await requireNative<Blob>(this).text();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return await requireNative<Blob>(this).arrayBuffer();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  slice(start?: number, end?: number, type?: string): GuestBlob {
    return blobOf(requireNative<Blob>(this).slice(start, end, type));
  }

  stream(): ByteStream {
    return new ByteStream(() => this.bytes());
  }

  get [Symbol.toStringTag](): string {
    return "Blob";
  }
}

export class GuestFile extends GuestBlob {
  constructor(parts: Iterable<unknown>, name: string, options: FilePropertyBag = {}) {
    super();
    const { type, lastModified } = options ?? {};
    const times = lastModified === undefined ? {} : { lastModified: Number(lastModified) };
    const bag = { type: String(type ?? ""), ...times };
    hold(this, new File([...parts].map(nativePart), String(name), bag));
  }

  get name(): string {
    return requireNative<File>(this).name;
  }

  get lastModified(): number {
    return requireNative<File>(this).lastModified;
  }

  override get [Symbol.toStringTag](): string {
    return "File";
  }
}

/** A native blob or file as the script's. */
export function blobOf(native: Blob): GuestBlob {
  const blob = native instanceof File ? new GuestFile([], native.name) : new GuestBlob();
  hold(blob, native);
  return blob;
}

function nativePart(part: unknown): BlobPart {
  const native = nativeOf(part);
  if (native instanceof Blob) return native;
  return part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? part as BlobPart : String(part);
}
