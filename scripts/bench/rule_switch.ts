/**
 * The switch that `bench_rules.ts` puts into every rule of its copy: which rule is off, and where rules have
 * mattered. Imported by its workers, and before tests that are run with a rule off (`KEYSMITH_RULE_OFF`), or
 * with all on to see which of them each file asks (a line of JSON for each in the file `KEYSMITH_RULES_ASKED`).
 */
let off: string | null = Deno.env.get("KEYSMITH_RULE_OFF") ?? null;
let touched: Set<string> | null = null;

Object.assign(globalThis, { switchRule });
const asked = Deno.env.get("KEYSMITH_RULES_ASKED");
if (asked !== undefined) noteAsked(asked);

function noteAsked(path: string): void {
  const seen = new Set<string>();
  touched = seen;
  addEventListener("unload", () => {
    const line = JSON.stringify([Deno.mainModule, [...seen]]);
    Deno.writeTextFileSync(path, `${line}\n`, { append: true });
  });
}

function switchRule(key: string, on: () => unknown, whenOff: () => unknown): unknown {
  if (key === off) return whenOff();
  const answer = on();
  if (touched !== null && !touched.has(key) && !isSame(answer, whenOff)) touched.add(key);
  return answer;
}

/** A rule that answers nothing may do something instead: that counts as different. */
function isSame(answer: unknown, whenOff: () => unknown): boolean {
  if (answer === undefined) return false;
  const held = touched;
  touched = null;
  try {
    const other = whenOff();
    if (Object.is(answer, other)) return true;
    return Array.isArray(answer) && Array.isArray(other) && answer.length + other.length === 0;
  } catch {
    return false;
  } finally {
    touched = held;
  }
}

/** What is computed, and the keys of the rules that answered anything but what they answer when off. */
export function touching<T>(compute: () => T): { answer: T; touched: ReadonlySet<string> } {
  const seen = new Set<string>();
  touched = seen;
  const answer = compute();
  touched = null;
  return { answer, touched: seen };
}

/** What is done with one rule off. */
export async function withRuleOff<T>(key: string, act: () => Promise<T>): Promise<T> {
  off = key;
  const answer = await act();
  off = null;
  return answer;
}

/** What is computed with one rule off. */
export function switchedOff<T>(key: string, compute: () => T): T {
  off = key;
  const answer = compute();
  off = null;
  return answer;
}
