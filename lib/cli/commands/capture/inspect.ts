/** `keysmith capture inspect APP [--trace t_0001]` */
import {
  type BodyView,
  inspectTraces,
  type MessageView,
  type SocketMessage,
  type TraceLine,
  type TraceView,
} from "../../../ops/inspect_traces.ts";
import { defineCommand } from "../../command.ts";
import type { Output } from "../../output.ts";
import { holdingWords } from "../../holding_words.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [["<app>", "the app"]],
  options: [
    { flags: "--trace <id>", summary: "show this request and its answer whole" },
    { flags: "--capture <id>", summary: "list the requests of this capture only" },
    { flags: "--marked", summary: "list what looks related to authentication only" },
    { flags: "--noise", summary: "list trackers, static assets and preflights too" },
    { flags: "--reveal", summary: "show credentials as they are" },
  ],
  examples: [
    "keysmith capture inspect shop --marked",
    "keysmith capture inspect shop --trace t_0007",
  ],
  stillSec: 120,

  parse([app = ""], flags) {
    const trace = flags.text("trace");
    const capture = flags.text("capture");
    return {
      app,
      ...(trace === undefined ? {} : { trace }),
      ...(capture === undefined ? {} : { capture }),
      onlyMarked: flags.on("marked"),
      includeNoise: flags.on("noise"),
      reveal: flags.on("reveal"),
    };
  },

  async run({ ctx, output }, input) {
    const inspected = await inspectTraces(ctx, input);
    const print = () => {
      if (inspected.trace === null) printList(output, inspected.traces);
      else printTrace(output, inspected.trace);
      for (const { capture, ...holds } of inspected.holds) {
        if (!holds.passwords && !holds.sessions) continue;
        output.note(
          `${capture} holds ${
            holdingWords(holds)
          }; keysmith capture remove ${input.app} ${capture} removes it`,
        );
      }
    };
    if (input.reveal) output.secretResult(inspected, print);
    else output.result(inspected, print);
  },
});

function printList(output: Output, traces: readonly TraceLine[]): void {
  const rows = traces.map(({ id, method, status, url, marks, noise }) => [
    id,
    method,
    status === null ? "-" : String(status),
    url,
    [...marks, ...(noise === null ? [] : [noise])].join(" "),
  ]);
  output.table(["TRACE", "METHOD", "STATUS", "URL", "MARKS"], rows);
}

function printTrace(output: Output, trace: TraceView): void {
  output.line(`${trace.id}  ${trace.method} ${trace.url}`, output.style.bold);
  printMessage(output, trace.request);
  output.line();
  if (trace.response === null) {
    output.line("never answered", output.style.bold);
    return;
  }
  output.line(`answer ${trace.status}`, output.style.bold);
  printMessage(output, trace.response);
  printSocket(output, trace.messages);
}

/** `→ 09:00:07.500  {"subscribe": 1}`: an arrow for who spoke, the time, and what was said. */
function printSocket(output: Output, messages: readonly SocketMessage[]): void {
  if (messages.length === 0) return;
  output.line();
  output.line(countOf(messages.length, "message"), output.style.bold);
  for (const { sender, at, event, text, bytes } of messages) {
    const said = text ?? `(${countOf(bytes, "byte")} of binary data)`;
    const about = [at?.slice("2026-01-01T".length, -1), event].filter((one) => one != null);
    output.line([sender === "client" ? "→" : "←", ...about, said].join("  "));
  }
}

function printMessage(output: Output, { headers, body }: MessageView): void {
  for (const [name, value] of headers) output.line(`${name}: ${value}`);
  output.line();
  output.text(describeBody(body));
}

function describeBody(body: BodyView): string {
  switch (body.kind) {
    case "none":
      return "(no body)";
    case "missing":
      return "(the recording does not hold the body)";
    case "forgotten":
      return "(the body, if there was one, was forgotten after the analysis)";
    case "binary":
      return `(${countOf(body.bytes, "byte")} of binary data)`;
    case "text":
      return body.text;
  }
}
