import { parseSetCookie } from "../../http/cookies.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { isNamed, withHeaders } from "../put_header.ts";

/** The value of a `Set-Cookie`. Of several of one name the last with a value counts, as in a cookie jar. */
export const cookie: LocatorCodec<{ readonly kind: "cookie"; readonly name: string }> = {
  readsBody: false,
  *find({ cookies }) {
    const last = new Map(cookies.map(({ name, value }) => [value === "" ? "" : name, value]));
    for (const [name, value] of last) if (name !== "") yield [{ kind: "cookie", name }, value];
  },
  take: ({ name }, { cookies }) =>
    cookies.findLast((candidate) => candidate.name === name && candidate.value !== "")?.value,
  put: ({ name }, { response }, fresh) =>
    withHeaders(response, (header, line) => {
      if (!isNamed(header, "set-cookie")) return line;
      const set = parseSetCookie(line);
      if (set?.name !== name || set.value === "") return line;
      const semicolon = line.indexOf(";");
      return `${name}=${fresh}${semicolon === -1 ? "" : line.slice(semicolon)}`;
    }),
  write: ({ name }, step, uses) => uses.call("set_cookie_value", step, quote(name)),
  describe: ({ name }) => `cookie "${name}"`,
  name: ({ name }) => name,
  masked: (locator, mask) => ({ ...locator, name: mask.name(locator.name) }),
  snippets: [`/** What the answer sets a cookie to; its deletion on another path does not count. */
function set_cookie_value(response: Response, name: string): string | undefined {
  const pairs = response.headers.getSetCookie().map((line) => /^([^=;]*)=([^;]*)/.exec(line) ?? []);
  const values = pairs.filter(([, key]) => key?.trim() === name).map(([, , value]) => value?.trim());
  return values.findLast((value) => value !== "");
}`],
};
