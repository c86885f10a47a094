/** Requests whose whole address an earlier answer gave: a redirect, a form's action, a link. */
import { formActionUrl } from "../http/html.ts";
import { isOpaqueUrl } from "../http/opaque.ts";
import { pathSegments } from "../http/url.ts";
import type { Input } from "./flow.ts";
import type { Occurrences, Source } from "./occurrences.ts";
import { mayBeNamedBy } from "./person_name.ts";
import type { Message, Recording } from "./recording.ts";

/** A path in which something looks given out: `/client/T3ACME`, `/users/41/home`. */
const ASSIGNED = /\d|[A-Z]{2}/;

export class UrlSources {
  constructor(
    private readonly recording: Recording,
    private readonly provenance: Occurrences,
    /** Messages that hand credentials over. */
    private readonly submissions: ReadonlySet<number>,
    private readonly inputs: readonly Input[],
  ) {}

  /**
   * Where the address of this request comes from; `null` where it is the client's own.
   * @param isOfInputs the address holds what was typed: only a redirect says by itself where it leads
   */
  of(message: Message, isOfInputs: boolean): Source | null {
    const led = this.#ledFrom(message);
    if (led !== null || isOfInputs) return led;
    return isOpaqueUrl(message.url.href) ? this.#given(message) : null;
  }

  /**
   * The request that redirects here once somebody is known: where it leads may name them, their team or
   * their site, in an address too plain to tell.
   * @rule off: null
   */
  #ledFrom(message: Message): Source | null {
    const isNamed = pathSegments(message.url).some((segment, at, all) =>
      this.inputs.some(({ recorded }) => recorded === segment) ||
      segment !== "" && mayBeNamedBy(all[at - 1] ?? "", segment)
    );
    if (message.method !== "GET" || !isNamed && !ASSIGNED.test(message.url.pathname)) return null;
    const from = this.recording.messages.slice(0, message.index)
      .findLast((earlier) => leadsTo(earlier, message));
    if (from === undefined) return null;
    const isSafe = from.method === "GET" || this.submissions.has(from.index);
    const isKnown = [...this.submissions].some((submission) => submission <= from.index);
    return isSafe && isKnown ? redirect(from) : null;
  }

  /**
   * The newest answer that gave it: a page shown at an address that was redirected to submits there as well.
   * @rule off: null
   */
  #given(message: Message): Source | null {
    const { href } = message.url;
    for (const earlier of this.recording.messages.slice(0, message.index).reverse()) {
      if (leadsTo(earlier, message)) return redirect(earlier);
      const form = message.method === "GET"
        ? -1
        : earlier.page?.forms.findIndex((candidate) =>
          formActionUrl(earlier.page!, candidate, earlier.url.href) === href
        ) ?? -1;
      if (form < 0) continue;
      return { index: earlier.index, locator: { kind: "form-action", form }, openers: [] };
    }
    const isNoScript = (index: number) => !this.recording.at(index).isClientCode;
    const source = this.provenance.find(href, message.index, isNoScript);
    return source === null || source.locator.kind === "between" ? null : source;
  }
}

function leadsTo({ target }: Message, { url }: Message): boolean {
  return target === url.href;
}

function redirect({ index }: Message): Source {
  return { index, locator: { kind: "location" }, openers: [] };
}

/** What a variable for a whole address is called. */
export function nameOf({ locator }: Source): string {
  if (locator.kind === "location") return "redirect url";
  return locator.kind === "form-action" ? "form action" : "next url";
}
