/** The tools a model works with. Everything they answer is redacted; nothing they are given is trusted. */
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { base64Decode } from "../http/base64.ts";
import { decodeJwt } from "../http/jwt.ts";
import { percentDecode } from "../http/url.ts";
import type { ToolCall, ToolSpec } from "./chat.ts";
import type { FindingDesk } from "./findings/finding_desk.ts";
import { partOf, type RecordingView } from "./recording_view.ts";
import { whereFrom } from "./where_from.ts";

/** Longer answers are refused with advice: a model that gets half of something guesses the rest. */
const MAX_ANSWER = 12_000;
const MAX_HITS = 40;

const text = (description: string) => ({ type: "string", description });

function spec(
  name: string,
  description: string,
  properties: Readonly<Record<string, JsonValue>>,
  required: readonly string[],
): ToolSpec {
  return {
    name,
    description,
    parameters: { type: "object", properties, required },
  };
}

/** What it is follows from its name, and from the prompt. */
const STRING = { type: "string" };

/** What a model adds to the flow. */
const FINDING_TOOLS: readonly ToolSpec[] = [
  spec("explain", "How a value is computed; answered with whether that yields it.", {
    value: text("placeholder or place"),
    expression: text('sha256-hex(typed("Password") + t_0003.response.body.salt)'),
  }, ["value", "expression"]),
  spec(
    "write_function",
    "One function of yours, for explain to call where no expression will do.",
    {
      name: STRING,
      code: text(
        "TypeScript: function name(a: string, …) { … }, may be async; texts and Uint8Arrays in, one out; " +
          "no fetch, no prompts, nothing recorded",
      ),
    },
    ["name", "code"],
  ),
  spec("declare_typed", "The user types what is sent at a place.", {
    place: STRING,
    label: text("what the user is asked for"),
    secret: { type: "boolean" },
  }, ["place", "label"]),
  spec("declare_constant", "What is sent at a place is the same for everybody.", {
    place: STRING,
  }, ["place"]),
  spec("declare_step", "A request belongs to the login though no value shows it.", {
    trace: STRING,
  }, ["trace"]),
];

const READING_TOOLS: readonly ToolSpec[] = [
  spec("inspect_trace", "One exchange, values as placeholders.", {
    id: STRING,
    part: text("a part alone: request.body, response.body.forms.0"),
    range: text("characters: 0-8000"),
  }, ["id"]),
  spec(
    "search_traces",
    "Where a placeholder, name or word occurs, scripts included.",
    {
      text: STRING,
      trace: text("only in this trace"),
      from: { type: "number", description: "first hit shown" },
    },
    ["text"],
  ),
  spec("decode_jwt", "Header and claims of a JWT.", { value: STRING }, ["value"]),
  spec("decode_base64", "What base64 or base64url text holds.", { value: STRING }, ["value"]),
  spec(
    "decode_url",
    "What percent-encoded text or a URL holds.",
    { value: STRING },
    ["value"],
  ),
  spec(
    "where_from",
    "The earliest response that holds a value, in whatever encoding, and how to take it.",
    {
      value: STRING,
      before: text("only before this trace"),
    },
    ["value"],
  ),
];

/** True for what shows the recording: asked again, it shows the same. */
export function isReading(name: string): boolean {
  return READING_TOOLS.some((tool) => tool.name === name);
}

/** True for what adds to the flow. */
export function isFinding(name: string): boolean {
  return FINDING_TOOLS.some((tool) => tool.name === name);
}

const PROVE_SCRIPT = spec(
  "prove_script",
  "Proves a whole script (acquire_token); one that passes is taken.",
  { script: STRING },
  ["script"],
);

/** What a model is given. */
export const SCRIPT_TOOLS: readonly ToolSpec[] = [...FINDING_TOOLS, ...READING_TOOLS, PROVE_SCRIPT];

export interface ToolDesk {
  readonly view: RecordingView;
  /** Takes what the model found out; `null` for a repair, which is a whole script. */
  readonly findings: FindingDesk | null;
  /** Proves the flow once nothing in it is open; answers what is wrong, or `null` while something is. */
  proveFlow(): Promise<string | null>;
  /** Tries a script; answers what is wrong with it, or that it is taken. */
  prove(source: string): Promise<string>;
}

/** The answer to a call. Never throws for what a model did wrong: it is told. */
export async function answerCall(call: ToolCall, desk: ToolDesk): Promise<string> {
  const given = parseJson(call.arguments === "" ? "{}" : call.arguments);
  if (!isRecord(given)) return "error: the arguments are no JSON object";
  const known = SCRIPT_TOOLS.find(({ name }) => name === call.name);
  if (known === undefined) {
    return `error: there is no such tool; there are ${
      SCRIPT_TOOLS.map(({ name }) => name).join(", ")
    }`;
  }
  const answer = await answerKnown(call.name, given, desk);
  return answer.length <= MAX_ANSWER ? answer : tooLong(call.name, answer.length);
}

async function answerKnown(
  name: string,
  given: Record<string, unknown>,
  desk: ToolDesk,
): Promise<string> {
  if (name === "prove_script") return await desk.prove(textOf(given, "script"));
  if (!isFinding(name)) return answerRead(name, given, desk.view);
  if (desk.findings === null) {
    return "error: a repair takes no findings; hand in the whole script with prove_script";
  }
  const noted = await addFinding(name, given, desk.findings);
  const isNews = name !== "write_function" && !/^(error|wrong)/.test(noted);
  const proven = isNews ? await desk.proveFlow() : null;
  return proven === null ? noted : `${noted}. ${proven}`;
}

function addFinding(
  name: string,
  given: Record<string, unknown>,
  findings: FindingDesk,
): Promise<string> {
  switch (name) {
    case "write_function":
      return findings.writeFunction(textOf(given, "name"), textOf(given, "code"));
    case "explain":
      return findings.explain(textOf(given, "value"), textOf(given, "expression"));
    case "declare_typed":
      return findings.declareTyped(
        textOf(given, "place"),
        textOf(given, "label"),
        given["secret"] === true,
      );
    case "declare_constant":
      return findings.declareConstant(textOf(given, "place"));
    default:
      return findings.declareStep(textOf(given, "trace"));
  }
}

function answerRead(name: string, given: Record<string, unknown>, view: RecordingView): string {
  const meant = view.redaction.meant(textOf(given, "value"));
  switch (name) {
    case "inspect_trace":
      return inRange(
        inspect(view, textOf(given, "id"), textOf(given, "part")),
        textOf(given, "range"),
      );
    case "search_traces":
      return search(
        view,
        textOf(given, "text"),
        textOf(given, "trace"),
        Number(given["from"] ?? 0),
      );
    case "decode_jwt": {
      const jwt = decodeJwt(meant);
      return jwt === null ? "error: that is not a JWT" : JSON.stringify({
        header: view.redaction.json(jwt.header),
        payload: view.redaction.json(jwt.payload),
      });
    }
    case "decode_base64":
      return decoded(base64Decode(meant), meant, view);
    case "decode_url":
      return decoded(percentDecode(meant), null, view);
    default:
      return whereFrom(view, meant, textOf(given, "before"));
  }
}

function inspect(view: RecordingView, id: string, part: string): string {
  const shown = view.trace(id);
  if (shown === null) return `error: there is no trace ${JSON.stringify(id.slice(0, 20))}`;
  if (part === "") return JSON.stringify(shown);
  const found = partOf(shown, part);
  if (found === undefined) return `error: ${id} has no such part`;
  return typeof found === "string" ? found : JSON.stringify(found);
}

/** @param range `8000-16000`; everything where it is none */
function inRange(shown: string, range: string): string {
  const [, from, to] = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(range) ?? [];
  if (from === undefined) return shown;
  return `${shown.slice(Number(from), Number(to))}\n(${from}-${to} of ${shown.length})`;
}

function search(view: RecordingView, text: string, trace: string, from: number): string {
  if (text.length < 2) return "error: give at least two characters";
  const wanted = view.redaction.placeholders.named(text);
  const needle = wanted === undefined ? text : `${wanted.kind}#${wanted.number}`;
  const exact = new RegExp(`${RegExp.escape(needle)}(?!\\d)`);
  const hits = view.search(needle, trace === "" ? null : trace)
    .filter(({ line, place }) => wanted === undefined || exact.test(line) || exact.test(place));
  if (hits.length === 0) return "found nowhere";
  const shown = hits.slice(from, from + MAX_HITS);
  const left = hits.length - from - shown.length;
  return [
    ...shown.map(({ trace, place, line }) => `${trace} ${place}: ${line}`),
    ...left > 0 ? [`and ${left} more: search with "from": ${from + shown.length}`] : [],
  ].join("\n");
}

function decoded(value: string | undefined, unlike: string | null, view: RecordingView): string {
  if (value === undefined || value === unlike) return "error: it holds no text in that encoding";
  return view.redaction.show(value);
}

function textOf(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  return typeof value === "string" ? value : "";
}

function tooLong(tool: string, length: number): string {
  const advice = tool === "inspect_trace"
    ? "name a part, such as response.body.forms or request.body, or a range such as 0-8000"
    : "narrow it down";
  return `error: the answer has ${length} characters, more than the ${MAX_ANSWER} that are shown; ${advice}`;
}
