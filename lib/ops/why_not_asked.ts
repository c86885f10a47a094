/** Which outcomes of the analysis a model could do something about. */
import type { Analysis } from "../correlate/flow.ts";

/** Where the script's proof took nothing on trust. */
export const NOTHING_OPEN = "the script is proven, and nothing is open";

/**
 * Why a model could not help; `null` where it could: something is open, or taken on trust, or a login is there that is
 * not made out. Each kind of outcome is decided here, so that a new one does not compile without its answer.
 */
export function whyNotAsked(analysis: Analysis): string | null {
  switch (analysis.kind) {
    case "flow":
    case "draft":
    case "none":
      return null;
    case "refused":
      return analysis.open !== undefined || analysis.mayBeFound
        ? null
        : `what it could find out would not help: ${analysis.reasons[0] ?? "no reason is known"}`;
  }
}
