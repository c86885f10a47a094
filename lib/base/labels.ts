/** Labels of prompts as people write them down again. */

/** `One-time code:` and `one time CODE` are the same label. */
export function foldLabel(label: string): string {
  return label.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Of the labels given, the one that means `label`: the very same, else the same but for case and marks. */
export function matchingLabel(given: Iterable<string>, label: string): string | undefined {
  const labels = [...given];
  const folded = foldLabel(label);
  return labels.find((candidate) => candidate === label) ??
    labels.find((candidate) => foldLabel(candidate) === folded);
}

/** `"Username", "Password"`, or `none`. */
export function listLabels(labels: readonly string[]): string {
  return labels.length === 0 ? "none" : labels.map((label) => `"${label}"`).join(", ");
}
