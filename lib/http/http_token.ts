/** The alphabet of methods and field names (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** True for text that may be a method or a field name. */
export function isHttpToken(text: string): boolean {
  return TOKEN.test(text);
}
