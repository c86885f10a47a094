import type { CaptureHoldings } from "../ops/list_captures.ts";

/** What a capture holds, for a table or a sentence: `passwords, cookies and tokens`. */
export function holdingWords({ passwords, sessions, bodies }: CaptureHoldings): string {
  const what = [
    ...passwords ? ["passwords"] : [],
    ...sessions ? ["cookies or tokens"] : [],
    ...bodies === "forgotten" ? ["no bodies any more"] : [],
    ...bodies === "until-analyze" ? ["bodies until the login is proven"] : [],
  ];
  return what.join(", ");
}
