/** Files that were imported together become one recording where they belong together. */
import { type ApartReason, recordingsIn } from "../correlate/one_recording.ts";
import type { Trace } from "../http/exchange.ts";
import type { CaptureSizes } from "../store/capture_contents.ts";
import type { CaptureInfo, TraceStore } from "../store/trace_store.ts";

/** Why a file is not part of the recording of the files before it. */
export type WhyApart = ApartReason | "too-large";

export interface JoinedFile {
  /** What the file is part of now. */
  readonly capture: CaptureInfo;
  /** `null` where it is part of the first recording. */
  readonly apart: WhyApart | null;
}

/**
 * What is compared at once, which takes several times as much memory; bytes. Of larger files it is all headers, and
 * the bodies up to a length: what one file hands to another stands in forms and answers to a login, which are short.
 */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * One for each of these captures, in their order. They were added by the same `store.adding()`, in which this
 * runs, too; recordings without credentials stay as they are.
 */
export function joinImported(
  store: TraceStore,
  imported: readonly CaptureInfo[],
  maxBytes = MAX_BYTES,
): JoinedFile[] {
  const whole = imported.filter(({ sanitised }) => !sanitised);
  const alone = imported.map((capture) => ({ capture, apart: null }));
  if (whole.length < 2) return alone;
  const maxBodyBytes = longestCompared(whole.map(({ id }) => store.sizesOf(id)), maxBytes);
  if (maxBodyBytes === null) {
    return alone.map((one) => ({ ...one, apart: one.capture === whole[0] ? null : "too-large" }));
  }
  const recordings = recordingsIn(whole.map(({ id }) => tracesOf(store, id, maxBodyBytes)));
  const several = recordings.filter(({ members }) => members.length > 1);
  const now = store.joinCaptures(several.map(({ members, traces }) => {
    const parts = members.map((member) => whole[member]!);
    return { captures: parts.map(({ id }) => id), traces, about: aboutAll(parts) };
  }));
  return imported.map((capture) => {
    const place = whole.indexOf(capture);
    const found = recordings.find(({ members }) => members.includes(place));
    return {
      capture: store.captureById(now.get(capture.id) ?? capture.id)!,
      apart: found?.apart ?? null,
    };
  });
}

/** The length of the longest body that is compared; `null` where the headers alone are too many. */
function longestCompared(files: readonly CaptureSizes[], maxBytes: number): number | null {
  let left = maxBytes - files.reduce((sum, { headers }) => sum + headers, 0);
  if (left < 0) return null;
  let longest = 0;
  for (const length of files.flatMap(({ bodies }) => bodies).sort((a, b) => a - b)) {
    left -= length;
    if (left < 0) return longest;
    longest = length;
  }
  return longest;
}

/** Bodies of noise tell nothing of what belongs together, and are most of a recording. */
function tracesOf(store: TraceStore, captureId: string, maxBodyBytes: number): Trace[] {
  const whole = new Map(
    store.traces({ captureId, maxBodyBytes }).map((trace) => [trace.id, trace]),
  );
  return store.traces({ captureId, includeNoise: true, withoutBodies: true })
    .map((trace) => whole.get(trace.id) ?? trace);
}

function aboutAll(
  parts: readonly CaptureInfo[],
): Pick<CaptureInfo, "file" | "creator" | "skipped"> {
  return {
    file: `${parts[0]!.file} and ${parts.length - 1} more`,
    creator: [...new Set(parts.map(({ creator }) => creator))].join(", "),
    skipped: parts.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
