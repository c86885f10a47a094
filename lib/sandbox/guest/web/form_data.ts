/** `FormData` as a script has it (XMLHttpRequest standard section 4). */
import { blobOf, GuestBlob } from "./blob.ts";
import { hold, nativeOf, requireNative } from "./private_native.ts";

type Entry = string | GuestBlob;

export class GuestFormData {
  constructor() {
    hold(this, new FormData());
  }

  append(name: string, value: unknown, fileName?: string): void {
    put(this, "append", name, value, fileName);
  }

  set(name: string, value: unknown, fileName?: string): void {
    put(this, "set", name, value, fileName);
  }

  delete(name: string): void {
    requireNative<FormData>(this).delete(String(name));
  }

  has(name: string): boolean {
    return requireNative<FormData>(this).has(String(name));
  }

  get(name: string): Entry | null {
    const value = requireNative<FormData>(this).get(String(name));
    return value === null ? null : entryOf(value);
  }

  getAll(name: string): Entry[] {
    return requireNative<FormData>(this).getAll(String(name)).map(entryOf);
  }

  *entries(): Generator<[string, Entry]> {
    for (const [name, value] of requireNative<FormData>(this)) yield [name, entryOf(value)];
  }

  *keys(): Generator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<Entry> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback: (value: Entry, name: string, form: GuestFormData) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }

  [Symbol.iterator](): Generator<[string, Entry]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return "FormData";
  }
}

/** A native form as the script's. */
export function formDataOf(native: FormData): GuestFormData {
  const form = new GuestFormData();
  hold(form, native);
  return form;
}

function put(
  form: GuestFormData,
  method: "append" | "set",
  name: string,
  value: unknown,
  fileName: string | undefined,
): void {
  const target = requireNative<FormData>(form);
  const blob = nativeOf(value);
  if (!(blob instanceof Blob)) target[method](String(name), String(value));
  else if (fileName === undefined) target[method](String(name), blob);
  else target[method](String(name), blob, String(fileName));
}

function entryOf(value: FormDataEntryValue): Entry {
  return typeof value === "string" ? value : blobOf(value);
}
