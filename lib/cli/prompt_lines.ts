/** What a model would be sent, for `--show-prompts`. */
import type { ShownPrompts } from "../ops/analyze_with_model.ts";

/** Each message under its role, then the tools with the schemas of their arguments; or why nothing would be sent. */
export function promptLines({ messages, tools, why }: ShownPrompts): string[] {
  if (why !== undefined) return [`Nothing would be sent: ${why}`];
  return [
    ...messages.flatMap(({ role, content }) => [`== ${role} ==`, ...content.split("\n"), ""]),
    ...tools.length === 0 ? [] : ["== tools =="],
    ...tools.map(({ name, description, parameters }) =>
      `${name}: ${description} ${JSON.stringify(parameters)}`
    ),
  ];
}
