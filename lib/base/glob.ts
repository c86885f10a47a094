/** Patterns of names: `*` stands for any text, everything else for itself, without regard to case. In linear space. */

export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const given = text.toLowerCase();
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return given === first;
  if (!given.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return given.length - last.length >= at && given.endsWith(last);
}
