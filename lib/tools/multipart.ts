/** `multipart/form-data` bodies of text fields (RFC 7578). */

/** The body, for a boundary that occurs in no field. */
export function encodeMultipart(
  fields: readonly (readonly [name: string, value: string])[],
  boundary: string,
): Uint8Array {
  const parts = fields.map(([name, value]) => part(boundary, name, value));
  return new TextEncoder().encode(`${parts.join("")}--${boundary}--\r\n`);
}

/** The body with one more field before its closing line. Files in it stay as they are. */
export function appendMultipartField(
  body: Uint8Array,
  boundary: string,
  name: string,
  value: string,
): Uint8Array {
  const end = new TextEncoder().encode(`--${boundary}--`);
  const at = lastIndexOf(body, end);
  if (at < 0) return body;
  const field = new TextEncoder().encode(part(boundary, name, value));
  const result = new Uint8Array(body.length + field.length);
  result.set(body.subarray(0, at));
  result.set(field, at);
  result.set(body.subarray(at), at + field.length);
  return result;
}

function part(boundary: string, name: string, value: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n` +
    `${value}\r\n`;
}

/** As browsers write names (HTML standard, "multipart form data"). */
function escapeName(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

function lastIndexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.length - wanted.length; at >= 0; at--) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}
