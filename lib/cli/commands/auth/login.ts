/** `keysmith auth login APP` and `keysmith auth login SERVICE [TOOL]` */
import type { Context, Terminal } from "../../../base/context.ts";
import { AppError } from "../../../base/error.ts";
import { login, type LoginOutput } from "../../../ops/login.ts";
import {
  loginWithFixes,
  type LoginWithFixesInput,
  type RepairQuestion,
} from "../../../ops/login_with_fixes.ts";
import type { ModelMode } from "../../../ops/model_access.ts";
import { loginService } from "../../../ops/service_login.ts";
import { withStoredAnswers } from "../../../ops/stored_login.ts";
import { parseAnswers, withAnswers } from "../../answers.ts";
import { withGivenAnswers } from "../../given_answers.ts";
import { loginBrowser } from "../../browser.ts";
import {
  BROWSER_LOGIN_OPTIONS,
  type BrowserLoginFlags,
  loginInBrowser,
  parseBrowserLogin,
} from "../../browser_login.ts";
import { PROBE_WORDS } from "../../probe_words.ts";
import { ALLOW_HTTP_OPTION } from "../../allow_http.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { defineCommand, type Session } from "../../command.ts";
import { modelOptions, parseModelMode, parseShowPrompts } from "../../model_flags.ts";
import { promptLines } from "../../prompt_lines.ts";
import { LIMIT_OPTIONS, type LimitOverrides, parseLimits } from "../../limit_flags.ts";
import { ownerKind } from "../../owner_kind.ts";
import { readNamedText } from "../../read_input.ts";
import { shownDebug } from "../../../base/debug_line.ts";
import { reprove } from "../../reprove.ts";
import { describeExpiry } from "../../token_text.ts";

interface LoginInput {
  readonly owner: string;
  readonly tool: string | undefined;
  readonly answers: string | undefined;
  readonly yes: boolean;
  readonly unproven: boolean;
  readonly remember: boolean;
  readonly limits: LimitOverrides;
  readonly scopes: readonly string[];
  /** How to log in with a browser; `null` where a script does. */
  readonly inBrowser: BrowserLoginFlags | null;
  readonly useBrowser: boolean;
  readonly mode: ModelMode;
  readonly showPrompts: boolean;
  /** `debug()` is shown as it comes. */
  readonly verbose: boolean;
  /** False with `--no-input`. */
  readonly mayAsk: boolean;
}

export const command = defineCommand<LoginInput>({
  operands: [
    ["<owner>", "the app or the service"],
    ["[tool]", "of a service: log in for what this tool asks for alone"],
  ],
  options: [
    ACCOUNT_OPTION,
    ...ENVIRONMENT_OPTIONS,
    {
      flags: "--answers <file>",
      summary: "answers to the prompts: JSON by label, or lines; - reads on as prompts come",
    },
    {
      flags: "--remember",
      summary: "keep what was typed in the system's keychain, to answer later logins",
    },
    { flags: "--yes", summary: "agree to the hosts the script may reach" },
    { flags: "--unproven", summary: "run the script although it is not proven" },
    { flags: "--scope <scope...>", summary: "of a service: scopes to ask for on top" },
    {
      flags: "--browser",
      summary: "of an app: log in with a browser, whatever the login is made of",
    },
    ...BROWSER_LOGIN_OPTIONS,
    { flags: "--no-browser", summary: "of a service: show the address instead of opening it" },
    ALLOW_HTTP_OPTION,
    ...modelOptions(
      "have the model repair the script, whatever the failure; where nobody can be asked, log in once more",
    ),
    { flags: "--show-prompts", summary: "for a broken script: print what a model would be sent" },
    { flags: "--verbose", summary: "show what the script prints with debug() as it comes" },
    ...LIMIT_OPTIONS,
  ],
  examples: [
    "keysmith auth login shop",
    "keysmith auth login shop --account bob",
    "pass show shop/answers.json | keysmith auth login shop --yes --answers -",
    "keysmith auth login shop --browser --headless-first",
    "keysmith auth login helpdesk --scope tickets:write",
  ],
  stillSec: 120,

  parse([owner = "", tool], flags) {
    return {
      owner: withAccount(owner, flags),
      tool,
      answers: flags.text("answers"),
      yes: flags.on("yes"),
      remember: flags.on("remember"),
      unproven: flags.on("unproven"),
      limits: parseLimits(flags),
      scopes: flags.list("scope"),
      inBrowser: parseBrowserLogin(flags),
      useBrowser: !flags.off("browser"),
      mode: parseModelMode(flags),
      showPrompts: parseShowPrompts(flags),
      verbose: flags.on("verbose"),
      mayAsk: flags.on("input"),
    };
  },

  async run(session, input) {
    const kind = await ownerKind(session.ctx, input.owner);
    if (kind === "service") return await loginToService(session, input);
    if (input.inBrowser !== null) {
      return await loginInBrowser(session, input.owner, input.inBrowser);
    }
    await withStoredAnswers(session.ctx, input.owner, async (stored) => {
      const ctx = await withGivenAnswers(session, stored, input.owner, input.answers);
      const work = (term: Terminal) =>
        loginApp(
          { ...session, ctx: { ...ctx, term } },
          input,
          (question) => agreeToRepair(session, input, question),
        );
      await (input.remember ? rememberingLogin(session, ctx, input, work) : work(ctx.term));
    }).catch((error) => {
      throw withGivenOptions(error, input);
    });
  },
});

/** The command that a missing consent hints at, with what this one was given: without its answers it would ask. */
function withGivenOptions(error: unknown, { answers, remember, yes }: LoginInput): unknown {
  if (!(error instanceof AppError) || error.code !== "CONSENT_NEEDED") return error;
  const { code, message, hint = "", details, cause } = error;
  if (!["--yes", "--unproven"].some((option) => hint.endsWith(option))) return error;
  const given = [
    ...(yes && !hint.endsWith("--yes") ? ["--yes"] : []),
    ...(remember ? ["--remember"] : []),
    ...(answers === undefined ? [] : [`--answers ${asWord(answers)}`]),
  ];
  return new AppError(code, message, { hint: [hint, ...given].join(" "), details, cause });
}

/** As a shell reads it back. */
function asWord(text: string): string {
  const isPlain = text.replaceAll("/", "").search(/[^\w.-]/g) < 0;
  return isPlain ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

async function rememberingLogin(
  { output }: Session,
  ctx: Context,
  { owner }: LoginInput,
  work: (term: Terminal) => Promise<void>,
): Promise<void> {
  const { keepingAnswers } = await import("../../../ops/keep_answers.ts");
  const { kept, file } = await keepingAnswers(ctx, owner, work);
  output.note(
    kept.length === 0
      ? "there was nothing to remember: sources answered"
      : `remembered in the keychain, and named in ${file}: ${kept.join(", ")}`,
  );
}

async function loginToService(session: Session, input: LoginInput): Promise<void> {
  const answers = input.answers === undefined
    ? undefined
    : parseAnswers(await readNamedText(session, input.answers), input.answers);
  await loginServiceOwner({ ...session, ctx: withAnswers(session.ctx, answers) }, input);
}

/**
 * `--yes` agrees to hosts, not to further tries; where nobody can be asked, `--llm` agrees to one repair and
 * one try, and to none where the failure does not look like the script's.
 */
async function agreeToRepair(
  { ctx }: Session,
  { mode }: LoginInput,
  { about, text, attempts, isForced }: RepairQuestion,
): Promise<boolean> {
  if (ctx.term.interactive) return await ctx.term.confirm(text);
  return mode === "always" && about === "site" && attempts === 1 && !isForced;
}

async function loginApp(
  { ctx, output }: Session,
  input: LoginInput,
  agree: LoginWithFixesInput["agree"],
): Promise<void> {
  const { owner: app, yes, unproven, limits, mode, showPrompts } = input;
  const onDebug = (line: string) => ctx.term.err(`debug: ${shownDebug(line)}`);
  const given = { app, yes, unproven, limits, reprove, ...input.verbose ? { onDebug } : {} };
  const result = mode === "never" ? await login(ctx, given) : await loginWithFixes(ctx, {
    ...given,
    mode,
    agree,
    ...(showPrompts
      ? { showPrompts: (prompts) => promptLines(prompts).forEach((line) => ctx.term.err(line)) }
      : {}),
  });
  output.result(result, () => {
    output.line(`logged in; token ${describeExpiry(result.expires_at, ctx.clock)}`);
    output.line(PROBE_WORDS[result.probe]);
    for (const line of evidenceLines(result)) output.line(line);
  });
}

/** What the site's answers showed of the script's constants. */
function evidenceLines({ app, changed, mended }: LoginOutput): string[] {
  const lines = changed.map(({ where, answer }) =>
    `no constant: the answer to ${answer} holds another value than the recorded one, which the script sends (${where})`
  );
  if (lines.length === 0) return [];
  return [
    ...lines,
    mended
      ? "the script now takes it from there, and is proven anew; the next login asks for your consent to it"
      : `keysmith auth analyze ${app} says what stands in the way of taking it from there`,
  ];
}

async function loginServiceOwner({ ctx, output }: Session, input: LoginInput): Promise<void> {
  const { owner: service, tool, scopes, useBrowser, mayAsk } = input;
  const logins = await loginService(ctx, {
    service,
    scopes,
    ...(tool === undefined ? {} : { tool }),
    ...(mayAsk ? { browser: loginBrowser(useBrowser) } : {}),
  });
  output.result({ service, logins }, () => {
    for (const { secret, grant, scopes, unchanged } of logins) {
      const what = unchanged ? "logged in already" : "logged in";
      output.line(`${secret}: ${what} (${[grant, ...scopes].join(" ")})`);
    }
  });
}
