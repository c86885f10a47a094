/** `keysmith capture browser APP URL` */
import { captureBrowser, type CaptureBrowserOutput } from "../../../ops/capture_browser.ts";
import {
  browserOptions,
  endOptions,
  parseBrowserFlags,
  parseEndFlags,
  readScript,
  scriptOption,
  sittingWords,
} from "../../browser_flags.ts";
import { defineCommand } from "../../command.ts";
import { NewsLines } from "../../login_news.ts";
import type { Output } from "../../output.ts";
import { noteToolChanges, toolChanges } from "../../tool_changes.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  opensBrowser: true,
  operands: [
    ["<app>", "the app's name: lower-case letters, digits and single hyphens"],
    ["<url>", "the page where you would begin"],
  ],
  options: [...browserOptions, ...endOptions, scriptOption],
  examples: [
    "keysmith capture browser shop https://shop.example.com",
    "keysmith capture browser shop https://shop.example.com --headless --script steps.json",
  ],

  parse([app = "", url = ""], flags) {
    return {
      app,
      url,
      script: flags.text("script"),
      ...parseEndFlags(flags),
      ...parseBrowserFlags(flags),
    };
  },

  async run(session, { script, ...input }) {
    const { ctx, output } = session;
    const steps = await readScript(session, script);
    const words = sittingWords({ ...input, script });
    const lines = new NewsLines((line) => output.note(line), words !== null && !input.headless);
    const recorded = await captureBrowser(ctx, {
      ...input,
      ...steps,
      onOpen: () => words !== null && output.note(words),
      onNews: (news) => lines.tell(news),
    });
    const tools = await toolChanges(session, input.app);
    output.result({ ...recorded, tools }, () => {
      printRecorded(output, recorded);
      noteToolChanges(output, tools);
      if (input.untilLogin && !recorded.loginSeen) {
        output.note("no login was seen, nor a request that it let in");
      }
      output.note(`next: keysmith auth analyze ${input.app}`);
    });
  },
});

export function printRecorded(output: Output, recorded: CaptureBrowserOutput): void {
  const { capture, typed, withoutBody, tooLarge, withoutSandbox } = recorded;
  output.line(`recorded ${countOf(capture.traces, "request")} as ${capture.id}`);
  for (const { kind, name, filledBy } of typed) {
    const field = name === "" ? "a field without a name" : `the field "${name}"`;
    output.line(
      `${kind}: ${field}, ${filledBy === "browser" ? "filled in, not typed" : "typed"}`,
    );
  }
  if (withoutBody > 0) {
    output.note(
      `${countOf(withoutBody, "answer")} could not be read before the browser dropped it`,
    );
  }
  if (tooLarge > 0) {
    output.note(`${countOf(tooLarge, "answer")} above 16 MB: kept without the body`);
  }
  if (withoutSandbox) {
    output.note("the browser ran without its own sandbox, as browsers do for root");
  }
}
