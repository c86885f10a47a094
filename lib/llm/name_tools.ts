/**
 * Better names and descriptions for derived tools. The model sees what a tool is called, its path and the
 * names of its parameters; of its answer nothing but names and sentences is taken, one by one.
 */
import { isRecord, parseJson } from "../base/json.ts";
import { trimEndOf } from "../base/trim.ts";
import type { Chat, ChatMessage } from "./chat.ts";
import nameToolsPrompt from "./prompts/name_tools.md" with { type: "text" };
import { redactProse } from "./redact_prose.ts";
import type { Redaction } from "./redaction.ts";
import { type LabelledPage, ShownLabels } from "./shown_labels.ts";

/** What a model is told of a tool. */
export interface NamedTool {
  readonly name: string;
  readonly description: string;
  readonly method: string;
  /** With `{param}` where arguments go. */
  readonly path: string;
  /** Names with their kinds: `filter.page: integer`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Members of the answers with their kinds. */
  readonly answers: Readonly<Record<string, string>>;
  /** What the pages say on which it was used. */
  readonly pages: readonly LabelledPage[];
}

export interface Renaming {
  readonly name: string;
  readonly description: string;
}

export interface Renamings {
  /** By present name; those that change. */
  readonly taken: ReadonlyMap<string, Renaming>;
  /** What the model proposed and was not taken, with why. */
  readonly refused: readonly string[];
}

/** Tools of one request. */
const BATCH = 40;
const NAME = /^[a-z][a-z0-9_]{1,47}$/;
const MIN_DESCRIPTION = 10;
const MAX_DESCRIPTION = 300;

/** The messages for a batch of tools; they are known to the model as `t1`, `t2`, …. */
export function namingMessages(tools: readonly NamedTool[], redaction: Redaction): ChatMessage[] {
  const shown = tools.map((tool, index) => shownTool(tool, `t${index + 1}`, redaction));
  return [
    { role: "system", content: nameToolsPrompt },
    { role: "user", content: JSON.stringify(shown) },
  ];
}

export function toolBatches(tools: readonly NamedTool[]): NamedTool[][] {
  const batches: NamedTool[][] = [];
  for (let at = 0; at < tools.length; at += BATCH) batches.push(tools.slice(at, at + BATCH));
  return batches;
}

/** @throws {AppError} as `Chat.ask`. */
export async function nameTools(
  chat: Chat,
  tools: readonly NamedTool[],
  redaction: Redaction,
): Promise<Renamings> {
  const taken = new Map<string, Renaming>();
  const refused: string[] = [];
  for (const batch of toolBatches(tools)) {
    const { content, end } = await chat.ask(namingMessages(batch, redaction), []);
    if (end === "length") refused.push("the model's answer was cut off at the endpoint's length");
    const proposals = readProposals(content);
    if (proposals === null) {
      refused.push("the model's answer is not a list of names");
      continue;
    }
    for (const proposal of proposals) {
      const tool = batch[Number(/^t(\d+)$/.exec(String(proposal["tool"]))?.[1]) - 1];
      const problem = tool === undefined
        ? "names a tool that there is not"
        : judge(tool, proposal, tools, taken);
      if (problem !== null) refused.push(`${tool?.name ?? "a proposal"}: ${problem}`);
    }
  }
  return { taken, refused };
}

function shownTool(tool: NamedTool, id: string, redaction: Redaction) {
  const segments = tool.path.split("/").map((part) =>
    /^\{.*\}$/.test(part) ? part : redaction.name(part)
  );
  const members = (kinds: Readonly<Record<string, string>>) =>
    Object.entries(kinds).map(([path, kind]) => `${memberName(path, redaction)}: ${kind}`);
  const [parameters, answers] = [members(tool.parameters), members(tool.answers)];
  const said = [...segments, ...parameters, ...answers].join(" ");
  const labels = new ShownLabels(redaction, said);
  const pages = tool.pages.map((page) => labels.page(page));
  return {
    tool: id,
    name: redaction.name(tool.name),
    description: redactProse(tool.description, redaction, said),
    method: tool.method,
    path: segments.join("/"),
    parameters,
    ...answers.length === 0 ? {} : { answers },
    ...pages.length === 0 ? {} : { pages },
  };
}

function memberName(path: string, redaction: Redaction): string {
  return path.split(".").map((part) => {
    const bare = trimEndOf(part, "[]");
    return redaction.name(bare) + part.slice(bare.length);
  }).join(".");
}

function readProposals(content: string): Record<string, unknown>[] | null {
  const text = content.slice(content.indexOf("{"), content.lastIndexOf("}") + 1);
  const value = parseJson(text);
  const list = isRecord(value) ? value["tools"] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : null;
}

/** Takes what is good of a proposal; answers what is wrong with it. */
function judge(
  tool: NamedTool,
  proposal: Record<string, unknown>,
  tools: readonly NamedTool[],
  taken: Map<string, Renaming>,
): string | null {
  const name = typeof proposal["name"] === "string" ? proposal["name"] : tool.name;
  const given = proposal["description"];
  const description = typeof given === "string"
    ? given.replace(/\s+/g, " ").trim()
    : tool.description;
  if (name !== tool.name) {
    if (!NAME.test(name)) return `"${name.slice(0, 60)}" is not a name for a tool`;
    const others = [
      ...tools.map((other) => other.name),
      ...[...taken.values()].map((other) => other.name),
    ];
    if (others.includes(name)) return `"${name}" is another tool's name`;
  }
  const problem = description === tool.description ? null : descriptionProblem(description);
  if (problem !== null) return problem;
  if (name !== tool.name || description !== tool.description) {
    taken.set(tool.name, { name, description });
  }
  return null;
}

/** Agents read descriptions and do as they say: they stay short, plain and without addresses. */
function descriptionProblem(description: string): string | null {
  if (description.length < MIN_DESCRIPTION || description.length > MAX_DESCRIPTION) {
    return `its description is not ${MIN_DESCRIPTION} to ${MAX_DESCRIPTION} characters long`;
  }
  if (/[‹›<>`]|\p{Cc}|\p{Cf}/u.test(description)) {
    return "its description holds more than plain text";
  }
  return /\w:\/\/|\bwww\./i.test(description) ? "its description holds an address" : null;
}
