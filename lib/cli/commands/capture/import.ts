/** `keysmith capture import APP FILE…` */
import { AppError } from "../../../base/error.ts";
import { hasTools } from "../../../ops/has_tools.ts";
import { bringNewRequests } from "../../../ops/new_requests.ts";
import { importCapture, type ImportedFile } from "../../../ops/import_capture.ts";
import { defineCommand } from "../../command.ts";
import type { Output } from "../../output.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [
    ["<app>", "the app's name: lower-case letters, digits and single hyphens"],
    [
      "<file...>",
      "HAR with sensitive data, mitmproxy flows, copied curl commands, Playwright traces, Burp, Postman, " +
      "Insomnia, Charles .chlsj, exchanges as JSON; folders of them; - for stdin",
    ],
  ],
  options: [
    {
      flags: "--allow-sanitised",
      summary: "import a recording that was exported without credentials",
    },
    {
      flags: "--forget-bodies-after <step>",
      summary: "analyze: take bodies, and the passwords in them, out once the login is proven",
    },
  ],
  examples: [
    "keysmith capture import shop ~/Downloads/shop.har",
    "xclip -o | keysmith capture import shop -",
  ],
  stillSec: 600,

  parse([app = "", ...files], flags) {
    const step = flags.text("forgetBodiesAfter");
    if (step !== undefined && step !== "analyze") {
      throw new AppError("USAGE", `Bodies cannot be forgotten after "${step}"`, {
        hint: "--forget-bodies-after analyze",
      });
    }
    const allowSanitised = flags.on("allowSanitised");
    const named = files.map((file) => file === "/dev/stdin" ? "-" : file);
    return { app, files: named, allowSanitised, forgetBodies: step !== undefined };
  },

  async run(session, input) {
    const { ctx, output, stdin } = session;
    const given = input.files.includes("-") ? { stdin: await allOf(stdin.chunks()) } : {};
    const imported = await output.progress(
      `reading ${input.files.join(", ")}`,
      (say) => {
        const onProgress = (file: string, part: number) =>
          say(`reading ${file}: ${Math.floor(part * 100)} %`);
        return importCapture(ctx, { ...input, ...given, onProgress });
      },
    );
    const fresh = imported.captures.filter(({ status }) => status === "imported")
      .map(({ capture }) => capture.id);
    // They do not follow by themselves here: a token may be in a keychain, and this command starts no program.
    const areBehind = fresh.length > 0 && await hasTools(ctx, input.app) &&
      bringNewRequests(ctx, input.app, fresh);
    output.result(imported, () => {
      for (const file of imported.captures) printFile(output, file);
      if (areBehind) {
        output.note(
          `the tools of "${input.app}" do not know the new requests yet: keysmith tools analyze ${input.app}`,
        );
      }
      output.note(`next: keysmith auth analyze ${input.app}`);
    });
  },
});

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(ReadableStream.from(chunks)).arrayBuffer());
}

const APART: Readonly<Record<NonNullable<ImportedFile["apart"]>, string>> = {
  "another-login": "it holds a login of its own",
  "other-credentials": "its requests carry another session than the files before it",
  "another-site": "it is of another site, and nothing in it comes from the files before it",
  "clocks": "by its clock it was recorded before what it goes on with",
  "too-large":
    "the headers of the files are too many to be compared; the analysis looks at all of them",
};

function printFile(
  output: Output,
  { file, status, capture, requests, apart, skipped, repaired, sanitisedOrigins, lacks }:
    ImportedFile,
): void {
  if (status === "duplicate") {
    output.line(`${file}: known already, as ${capture.id}`);
    return;
  }
  output.line(`${file}: imported ${countOf(requests, "request")} as ${capture.id}`);
  if (apart !== null) output.note(`${file}: a recording of its own, for ${APART[apart]}`);
  tell(output, skipped, (entries) => `${file}: skipped ${entries}`);
  tell(output, repaired, (entries) => `${file}: read ${entries} in part`);
  if (lacks.length > 0) {
    output.note(`${file}: ${capture.creator}, without ${lacks.join("; ")}`);
  }
  for (const origin of sanitisedOrigins) {
    output.note(`${file}: exported without the credentials of ${origin}`);
  }
}

/** `x.har: skipped 3 entries: WebSocket (2), without a URL (1)` */
function tell(
  output: Output,
  reasons: Readonly<Record<string, number>>,
  sentence: (entries: string) => string,
): void {
  const counts = Object.entries(reasons);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return;
  const told = counts.length === 1
    ? counts[0]![0]
    : counts.map(([reason, count]) => `${reason} (${count})`).join(", ");
  output.note(`${sentence(countOf(total, "entry", "entries"))}: ${told}`);
}
