/**
 * A request that changes something, answered with a redirect to a page (RFC 9110 section 15.4.4): it has been
 * carried out, or refused, whatever becomes of the page. To say that it failed would have it sent again.
 */
import { AppError } from "../base/error.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { isIdempotentMethod, isSafeMethod } from "./definition.ts";

export interface AnsweredWrite {
  readonly request: HttpRequest;
  /** The redirect. */
  readonly response: HttpResponse;
  /** Before it. */
  readonly redirects: number;
}

export const LOOK_FIRST =
  "It may have been carried out all the same: look before you send it again";

/** What to do about a request that was sent and not answered as it should. */
export function retryHint(method: string): string {
  return isIdempotentMethod(method) ? "Try again later" : LOOK_FIRST;
}

export function isAnsweredWrite(from: HttpRequest, to: HttpRequest): boolean {
  return !isSafeMethod(from.method) && to.method === "GET";
}

/** Why the page is not there, where that says nothing of the write; `null` for any other failure. */
export function missingPage(error: unknown): string | null {
  const isOfPage = error instanceof AppError &&
    ["UNREACHABLE", "ORIGIN_REFUSED"].includes(error.code);
  return isOfPage ? `the page it leads to could not be fetched (${error.message})` : null;
}

/** The same failure, saying that the write before it was answered. */
export function withWrite(error: unknown, { request, response }: AnsweredWrite): unknown {
  if (!(error instanceof AppError) || missingPage(error) === null) return error;
  const hint =
    `The ${request.method} before was answered with status ${response.status}. ${LOOK_FIRST}`;
  return new AppError(error.code, error.message, { hint, details: error.details, cause: error });
}
