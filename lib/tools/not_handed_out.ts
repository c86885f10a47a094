/** The end of a call whose page does not hand out what the call needs: nothing of the call itself was sent. */
import { AppError, type ErrorCode } from "../base/error.ts";
import type { ToolFetch } from "./definition.ts";
import type { ToolResponse } from "./response.ts";

export class NotHandedOut extends AppError {
  /** The answer to the request for the page. */
  readonly page: ToolResponse;

  constructor(page: ToolResponse, { name }: ToolFetch, call: string) {
    const { status } = page;
    const code: ErrorCode = status >= 500 ? "UPSTREAM_FAILED" : "UPSTREAM_REFUSED";
    const asked = `"${page.method} ${page.requestedUrl}", which hands out "${name}" for the call,`;
    super(code, `${asked} ${whatCame(page, name)}; "${call}" was not sent`, {
      hint: status === 404 || status === 410
        ? "Check the arguments: what they name may not be there; else the application has changed since it was recorded"
        : "The session may have ended: log in again; else the application has changed since it was recorded",
      details: { status },
    });
    this.page = page;
  }
}

/** A page that is recorded as one that answers by itself, and that answers from another address or refuses. */
export function isElsewhere({ status, redirects, requestedUrl, url }: ToolResponse): boolean {
  return status >= 400 || redirects > 0 && placeOf(requestedUrl) !== placeOf(url);
}

function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname.replace(/\/$/, "");
}

function whatCame(page: ToolResponse, name: string): string {
  if (page.status >= 400) return `was answered with status ${page.status}`;
  return isElsewhere(page) ? `led to "${page.url}"` : `does not hold "${name}" any more`;
}
