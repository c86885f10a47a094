import type { LocatorCodec } from "../codec.ts";
import { isNamed, withHeaders } from "../put_header.ts";

/** The redirect target, made absolute. */
export const location: LocatorCodec<{ readonly kind: "location" }> = {
  readsBody: false,
  *find({ location }) {
    if (location !== null) yield [{ kind: "location" }, location.href];
  },
  take: (_, { location }) => location?.href,
  put: (_, { response }, fresh) =>
    withHeaders(response, (name, value) => isNamed(name, "location") ? fresh : value),
  write: (_, step, uses) => uses.call("location_of", step),
  describe: () => "redirect target",
  name: () => "redirect_url",
  snippets: [`/** Where the answer redirects to, absolute. */
function location_of(response: Response): string {
  const target = response.headers.get("location");
  if (target === null) throw new Error(\`The answer (status \${response.status}) redirects nowhere\`);
  return new URL(target, response.url).href;
}`],
};
