/** `keysmith learn APP [URL]` */
import { needsBrowser } from "../../ops/analyze_auth.ts";
import { learn, type LearnOutput } from "../../ops/learn.ts";
import { assumptionLine, openAssumptions, provenWords } from "../../ops/proof_verdict.ts";
import {
  browserOptions,
  type EndFlags,
  endOptions,
  parseBrowserFlags,
  parseEndFlags,
  readScript,
  scriptOption,
  sittingWords,
} from "../browser_flags.ts";
import { defineCommand, type Session } from "../command.ts";
import { NewsLines } from "../login_news.ts";
import type { Output } from "../output.ts";
import { PROBE_WORDS } from "../probe_words.ts";
import { describeRenewal } from "../renewal_text.ts";
import { describeExpiry } from "../token_text.ts";
import { countOf } from "../words.ts";
import { printRecorded } from "./capture/browser.ts";

interface LearnFlags {
  readonly app: string;
  readonly url: string | undefined;
  readonly again: boolean;
  readonly end: EndFlags;
  readonly script: string | undefined;
  readonly at: ReturnType<typeof parseBrowserFlags>;
}

export const command = defineCommand<LearnFlags>({
  opensBrowser: true,
  operands: [
    ["<app>", "the app's name: lower-case letters, digits and single hyphens"],
    ["[url]", "the page where you would begin; of a known app the one recorded"],
  ],
  options: [
    ...browserOptions,
    ...endOptions,
    {
      flags: "--again",
      summary: "a second sitting, with another account: settles what one leaves open",
    },
    scriptOption,
  ],
  examples: [
    "keysmith learn shop https://shop.example.com",
    "keysmith learn shop --again",
  ],
  stillSec: 600,

  parse([app = "", url], flags) {
    return {
      app,
      url,
      again: flags.on("again"),
      end: parseEndFlags(flags),
      script: flags.text("script"),
      at: parseBrowserFlags(flags),
    };
  },

  async run(session, flags) {
    const learnt = await sit(session, flags);
    if (!mayOffer(session, flags, learnt)) return exitCode(learnt);
    const question = "Record a second login, with another account, to settle that?";
    if (!await session.ctx.term.confirm(question)) return exitCode(learnt);
    return exitCode(await sit(session, { ...flags, again: true }));
  },
});

async function sit(session: Session, { app, url, again, end, script, at }: LearnFlags) {
  const { ctx, output } = session;
  const steps = await readScript(session, script);
  const words = sittingWords({ ...end, headless: at.headless, script, again });
  const lines = new NewsLines((line) => output.note(line), words !== null && !at.headless);
  const learnt = await learn(ctx, {
    app,
    again,
    ...at,
    ...steps,
    ...end,
    onOpen: () => words !== null && output.note(words),
    ...url === undefined ? {} : { url },
    onNews: (news) => lines.tell(news),
  });
  output.result(learnt, () => printLearnt(session, learnt));
  return learnt;
}

/** Where a person is there, one sitting left something open, and this was the first. */
function mayOffer({ ctx, output }: Session, { again, script }: LearnFlags, learnt: LearnOutput) {
  const { proof } = learnt.analysis;
  return !again && script === undefined && !output.json && ctx.term.interactive &&
    proof !== null && openAssumptions(proof).length > 0;
}

function exitCode({ analysis, session }: LearnOutput): number {
  return analysis.result === "script" || session !== null ? 0 : 1;
}

function printLearnt({ ctx, output }: Session, learnt: LearnOutput): void {
  const { session, tools, next } = learnt;
  printRecorded(output, learnt.capture);
  printLogin(output, learnt);
  if (session === null) output.line("session  none to keep");
  else {
    output.line(
      `session  ${session.headers.join(", ")}; ${describeExpiry(session.expires_at, ctx.clock)}`,
    );
    output.line(
      `         ${
        session.stayed
          ? "it was there before and stays; the one of this recording is not kept"
          : PROBE_WORDS[session.probe]
      }`,
    );
  }
  if (session !== null) output.line(`renewed  ${describeRenewal(session)}`);
  output.line(
    `tools    ${countOf(tools.length, "tool")}${tools.length === 0 ? "" : ": "}${tools.join(", ")}`,
  );
  for (const command of next) output.note(`next: ${command}`);
}

function printLogin(output: Output, { app, analysis }: LearnOutput): void {
  const { result, proof, reasons } = analysis;
  const words = {
    script: proof === null ? "explained" : provenWords(proof),
    draft: "explained in part",
    none: "none in the recording",
    refused: needsBrowser(analysis)
      ? "no script can do it, a browser can"
      : "neither a script nor a browser can hand its session over",
  };
  output.line(`login    ${words[result]}`);
  for (const reason of reasons) output.line(`- ${reason}`);
  const open = proof === null ? [] : openAssumptions(proof);
  for (const assumption of open) {
    output.line(`- two sessions would settle: ${assumptionLine(assumption)}`);
  }
  if (result === "draft") output.note(`keysmith auth analyze ${app} says what is missing`);
}
