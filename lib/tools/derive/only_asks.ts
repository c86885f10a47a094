/** Requests that change nothing although their method says nothing of it. */
import { isReadingName, isReadingPost } from "../../http/reading_call.ts";
import { meantMethod } from "./client_constants.ts";
import type { Sample } from "./sample.ts";

/** A POST that says by its own words that it changes nothing: it may be asked again, and page by page. */
export function onlyAsks(sample: Sample): boolean {
  const { call, trace, method } = sample;
  if (call?.kind === "graphql") return call.type === "query";
  if (method !== "POST" || meantMethod(sample) !== null) return false;
  return call === null || call.kind === "json-rpc" && !call.batch
    ? isReadingPost(trace.request)
    : isReadingName(call.name);
}
