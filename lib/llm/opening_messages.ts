/** What a model is sent first: its task, why it is asked, what is known, and a summary of the recording. */
import type { ChatMessage } from "./chat.ts";
import { functionNames } from "./findings/expression.ts";
import type { FindingDesk } from "./findings/finding_desk.ts";
import findValuesPrompt from "./prompts/find_values.md" with { type: "text" };
import writeScriptPrompt from "./prompts/write_script.md" with { type: "text" };
import { redactSentence } from "./redact_prose.ts";
import type { ScriptTask } from "./script_task.ts";

/** The conversation's first messages: all that is sent before the model asks for more. */
export function openingMessages(task: ScriptTask): ChatMessage[] {
  return task.order === null && task.findings !== null
    ? [
      { role: "system", content: findValuesPrompt.replace("{functions}", functionNames()) },
      { role: "user", content: describeGaps(task, task.findings) },
    ]
    : [
      { role: "system", content: writeScriptPrompt },
      { role: "user", content: describeTask(task) },
    ];
}

function describeGaps(
  { view, flow, values, trusted, reasons }: ScriptTask,
  findings: FindingDesk,
): string {
  const known = values.filter(({ kind }) => kind !== "unexplained");
  const told = reasons.map((reason) => `- ${redactSentence(reason, view.redaction)}`);
  return [
    `# Why you are asked\n\n${
      told.join("\n") || "The script is proven, but for what the proof took on trust."
    }`,
    `# What is unexplained\n\n${
      flow === null
        ? NO_LOGIN
        : findings.gaps.map((gap) => `- ${findings.describe(gap)}`).join("\n") || "Nothing."
    }`,
    ...trusted.length === 0 ? [] : [
      `# What was taken on trust and may be wrong\n\n${
        trusted.map(({ trace, where, as, why }) =>
          `- ${trace} ${redactSentence(`${where}: ${as}, ${why}`, view.redaction)}`
        ).join("\n")
      }`,
    ],
    ...flow === null ? [toldLine(findings)] : [
      `# What is known\n\n${knownLines(known, view)}\n\nThe login's requests: ${
        flow.steps.map(({ trace }) => trace).join(", ")
      }. ${toldLine(findings)}`,
    ],
    `# The recording\n\n${view.summary()}`,
  ].join("\n\n");
}

function knownLines(known: ScriptTask["values"], { redaction }: ScriptTask["view"]): string {
  return known.map(({ where, from }) => `- ${redactSentence(`${where}: ${from}`, redaction)}`).join(
    "\n",
  );
}

const NO_LOGIN =
  "No login is made out. Where somebody logs in all the same, say where what was typed is sent: " +
  "declare_typed(place, label, secret) for each part of it, or explain(place, expression over typed(…)) where the page " +
  "computes it. From then on you are told what is unexplained.";

/** Labels are names that somebody gave; what was typed under them stays a placeholder. */
function toldLine({ told }: FindingDesk): string {
  return told.length === 0
    ? "What was typed is not told, so that an expression over typed(…) cannot be compared."
    : `Told is what was typed as ${told.join(", ")}.`;
}

function describeTask({ view, flow, values, draft, order }: ScriptTask): string {
  const unexplained = values.filter(({ kind }) => kind === "unexplained");
  return [
    ...(order === null ? [] : [order]),
    ...(flow === null
      ? ["# The login\n\nNo login was found in the recording."]
      : [`# The script so far\n\n\`\`\`ts\n${draft.trim()}\n\`\`\``]),
    ...(unexplained.length === 0 ? [] : [
      `# What is unexplained\n\nThe draft asks the user for these values, which no user knows. Compute them.\n\n${
        unexplained.map(({ where }) => `- ${redactSentence(where, view.redaction)}`).join("\n")
      }`,
    ]),
    `# The recording\n\n${view.summary()}`,
  ].join("\n\n");
}
