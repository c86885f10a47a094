import type { LocatorCodec } from "../codec.ts";
import { quote, type Uses } from "../code.ts";
import { parametersOf, putParameter, type UrlPart } from "../parameters.ts";
import { isNamed, withHeaders } from "../put_header.ts";

/** A parameter of the redirect target. */
export interface LocationParamLocator {
  readonly kind: "location-param";
  readonly part: UrlPart;
  readonly name: string;
}

export const locationParam: LocatorCodec<LocationParamLocator> = {
  readsBody: false,
  *find({ location }) {
    if (location === null) return;
    for (const part of ["query", "fragment"] as const) {
      for (const [name, value] of parametersOf(location.href, part)) {
        yield [{ kind: "location-param", part, name }, value];
      }
    }
  },
  take: ({ part, name }, { location }) =>
    location === null ? undefined : parametersOf(location.href, part).get(name),
  put: ({ part, name }, { response }, fresh) =>
    withHeaders(
      response,
      (header, value) =>
        isNamed(header, "location") ? putParameter(value, name, fresh, part) ?? value : value,
    ),
  write: (locator, step, uses) => paramCode(locator, uses.call("location_of", step), uses),
  describe: ({ part, name }) => `redirect ${part} "${name}"`,
  name: ({ name }) => name,
  masked: (locator, mask) => ({ ...locator, name: mask.name(locator.name) }),
};

/** @param url code of the redirect target */
export function paramCode(
  { part, name }: Omit<LocationParamLocator, "kind">,
  url: string,
  uses: Uses,
): string {
  return uses.call(part === "query" ? "query_param" : "fragment_param", url, quote(name));
}
