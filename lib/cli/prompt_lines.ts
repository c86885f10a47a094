/** What a model would be sent, for `--show-prompts`. */
import type { ShownPrompts } from "../ops/analyze_with_model.ts";

/** Each message under its role, then the tools. */
export function promptLines({ messages, tools }: ShownPrompts): string[] {
  return [
    ...messages.flatMap(({ role, content }) => [`== ${role} ==`, ...content.split("\n"), ""]),
    "== tools ==",
    ...tools.map(({ name, description }) => `${name}: ${description}`),
  ];
}
