/** `keysmith auth explain APP`, or `SERVICE TOOL` */
import { AppError } from "../../../base/error.ts";
import { explainAuth } from "../../../ops/explain_auth.ts";
import { explainService } from "../../../ops/explain_service.ts";
import { flowReport } from "../../../web/flow_report.ts";
import { defineCommand, type Session } from "../../command.ts";
import { explanationLines } from "../../explain_text.ts";
import { ownerKind } from "../../owner_kind.ts";
import { readHints, toldOption } from "../../told_answers.ts";
import { writeNamedText } from "../../write_output.ts";

interface ExplainInput {
  readonly owner: string;
  /** A tool of a service; `undefined` for an app. */
  readonly tool: string | undefined;
  /** A file, or `-` for stdout. */
  readonly html: string | undefined;
  /** A file with what was typed while recording. */
  readonly answers: string | undefined;
}

export const command = defineCommand<ExplainInput>({
  operands: [
    ["<owner>", "an app, or a service with one of its tools"],
    ["[tool]", "the tool of a service"],
  ],
  options: [
    { flags: "--html <file>", summary: "write the login as one page with a diagram; - for stdout" },
    toldOption,
  ],
  examples: [
    "keysmith auth explain shop",
    "keysmith auth explain shop --html shop.html",
    "keysmith auth explain helpdesk list_tickets",
  ],
  stillSec: 600,

  parse([owner = "", tool], flags) {
    return { owner, tool, html: flags.text("html"), answers: flags.text("answers") };
  },

  async run(session, input) {
    const kind = await ownerKind(session.ctx, input.owner);
    return kind === "service"
      ? await explainCall(session, input)
      : await explainLogin(session, input);
  },
});

async function explainLogin(session: Session, input: ExplainInput): Promise<void> {
  const { ctx, output } = session;
  const { owner: app, tool, html } = input;
  if (tool !== undefined) {
    throw new AppError("USAGE", `"${app}" is an app, and all its tools use the same login`, {
      hint: `keysmith auth explain ${app}`,
    });
  }
  const hints = await readHints(session, input.answers);
  const message = "following each value to where it comes from";
  const explained = await output.progress(message, () => explainAuth(ctx, { app, hints }));
  if (html === "-" && output.json) {
    throw new AppError("USAGE", "--json and --html - both want stdout");
  }
  if (html === "-") return output.bytes(new TextEncoder().encode(flowReport(explained)));
  if (html !== undefined) await writeNamedText(html, flowReport(explained));
  output.result(explained, () => {
    if (html !== undefined) return output.note(`wrote ${html}`);
    for (const line of explanationLines(explained)) output.line(line);
  });
}

async function explainCall({ ctx, output }: Session, input: ExplainInput): Promise<void> {
  const { owner: service, tool, html, answers } = input;
  if (html !== undefined) throw new AppError("USAGE", "--html draws the login of an app");
  if (answers !== undefined) throw new AppError("USAGE", "--answers is for the login of an app");
  if (tool === undefined) {
    throw new AppError("USAGE", `"${service}" is a service; name one of its tools`, {
      hint: `keysmith tools list ${service}`,
    });
  }
  const explained = await explainService(ctx, { service, tool });
  output.result(explained, () => {
    output.line(`${explained.method} ${explained.url}`, output.style.bold);
    for (const line of explained.lines) output.line(line);
    if (explained.places.length > 0) output.line(`sent in  ${explained.places.join(", ")}`);
  });
}
