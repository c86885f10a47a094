import { headerValues } from "../../http/headers.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { isNamed, withHeaders } from "../put_header.ts";

/** Headers with a kind of their own, and those that say nothing but when and what. */
const OTHER_KIND = /^(set-cookie|location|date|etag|content-type|content-length)$/;

/**
 * A response header, its name in lower case. Repeated ones are one value, joined by commas (RFC 9110 section 5.3).
 */
export const header: LocatorCodec<{ readonly kind: "header"; readonly name: string }> = {
  readsBody: false,
  *find({ response }) {
    const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
    for (const name of names) {
      if (!OTHER_KIND.test(name)) {
        yield [{ kind: "header", name }, headerValues(response.headers, name).join(", ")];
      }
    }
  },
  take({ name }, { response }) {
    const values = headerValues(response.headers, name);
    return values.length === 0 ? undefined : values.join(", ");
  },
  put({ name }, { response }, fresh) {
    let isDone = false;
    return withHeaders(response, (candidate, value) => {
      if (!isNamed(candidate, name)) return value;
      const put = isDone ? null : fresh;
      isDone = true;
      return put;
    });
  },
  write: ({ name }, step) => `${step}.headers.get(${quote(name)})`,
  describe: ({ name }) => `header "${name}"`,
  name: ({ name }) => name,
  masked: (locator, mask) => ({ ...locator, name: mask.name(locator.name) }),
};
