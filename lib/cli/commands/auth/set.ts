/**
 * `keysmith auth set APP`: the command line names what is given, the values come from stdin or from
 * prompts, so that no secret is seen in a list of processes or kept in a shell's history.
 */
import { AppError } from "../../../base/error.ts";
import { setToken, type SetTokenInput } from "../../../ops/set_token.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { ALLOW_HTTP_OPTION } from "../../allow_http.ts";
import { defineCommand, type Session } from "../../command.ts";
import { PROBE_WORDS, storedWords } from "../../probe_words.ts";
import { describeExpiry } from "../../token_text.ts";

interface Names {
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly queryParams: readonly string[];
  readonly bodyParams: readonly string[];
  readonly refreshToken: boolean;
}

interface SetInput {
  readonly app: string;
  readonly names: Names;
  readonly origins: readonly string[];
  readonly expiresInSec: number | undefined;
  readonly yes: boolean;
}

/** Ten years. */
const MAX_LIFETIME_SEC = 315_360_000;

export const command = defineCommand<SetInput>({
  operands: [["<app>", "the app"]],
  options: [
    ACCOUNT_OPTION,
    ...ENVIRONMENT_OPTIONS,
    { flags: "-H, --header <name...>", summary: "a header to send, by name" },
    { flags: "--cookie <name...>", summary: "a cookie to send, by name" },
    { flags: "--query <name...>", summary: "a query parameter to send, by name" },
    { flags: "--body <path...>", summary: "a value in the body, by its name or dotted path" },
    { flags: "--refresh-token", summary: "a refresh token too" },
    { flags: "--expires-in <seconds>", summary: "how long the credentials are good for" },
    {
      flags: "--origin <url...>",
      summary: "where they may be sent; else the origins of the app's API",
    },
    {
      flags: "--yes",
      summary: "store them even if the site does not take them, or a better token is replaced",
    },
    ALLOW_HTTP_OPTION,
  ],
  examples: [
    "keysmith auth set shop                       # asks for a token",
    "keysmith auth set shop -H X-Api-Key          # asks for its value",
    "pass show shop/token | keysmith auth set shop",
    "keysmith auth set shop < headers.txt         # lines of Name: value",
  ],

  parse([owner = ""], flags) {
    const app = withAccount(owner, flags);
    const names = {
      headers: flags.list("header"),
      cookies: flags.list("cookie"),
      queryParams: flags.list("query"),
      bodyParams: flags.list("body"),
      refreshToken: flags.on("refreshToken"),
    };
    const { headers, cookies, queryParams, bodyParams } = names;
    for (const name of [...headers, ...cookies, ...queryParams, ...bodyParams]) {
      refuseValue(name, app);
    }
    const expiresInSec = flags.number("expiresIn", { min: 1, max: MAX_LIFETIME_SEC });
    return { app, names, origins: flags.list("origin"), expiresInSec, yes: flags.on("yes") };
  },

  async run(session, { app, names, origins, expiresInSec, yes }) {
    const { ctx, output } = session;
    const status = await setToken(ctx, {
      app,
      origins,
      yes,
      ...await readValues(session, names),
      ...(expiresInSec === undefined ? {} : { expiresInSec }),
    });
    output.result(status, () => {
      const end = describeExpiry(status.expires_at, ctx.clock);
      const state = status.probe === "failed" ? "refused by the site" : status.state;
      output.line(`token    ${state}; ${end}`);
      output.line(`stored   ${storedWords(status)}`);
      output.line(PROBE_WORDS[status.probe]);
    });
  },
});

function refuseValue(name: string, app: string): void {
  if (!/[:=\s]/.test(name)) return;
  throw new AppError("USAGE", "A value on the command line can be read by others", {
    hint: `give the name alone and type the value, or: keysmith auth set ${app} < FILE`,
  });
}

async function readValues(session: Session, names: Names): Promise<Omit<SetTokenInput, "app">> {
  const { headers, cookies, queryParams, bodyParams, refreshToken } = names;
  const isNamed = headers.length + cookies.length + queryParams.length + bodyParams.length > 0;
  if (!isNamed && !refreshToken && !session.stdin.isTerminal) {
    return { text: await session.stdin.text() };
  }
  const next = await valueSource(session);
  return {
    headers: await inTurn(headers, async (name) => `${name}: ${await next(`Header ${name}`)}`),
    cookies: await inTurn(cookies, async (name) => `${name}=${await next(`Cookie ${name}`)}`),
    queryParams: await inTurn(
      queryParams,
      async (name) => `${name}=${await next(`Query ${name}`)}`,
    ),
    bodyParams: await inTurn(bodyParams, async (name) => `${name}=${await next(`Body ${name}`)}`),
    ...(refreshToken ? { refreshToken: await next("Refresh token") } : {}),
  };
}

/** Asks at the terminal, or takes one line of stdin for each value. */
async function valueSource({ ctx, stdin }: Session): Promise<(label: string) => Promise<string>> {
  if (stdin.isTerminal) return (label) => ctx.term.promptSecret(label);
  const lines = (await stdin.text()).split(/\r?\n/).filter((line) => line !== "");
  return (label) => {
    const line = lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    throw new AppError("NO_INPUT", `stdin holds no line for "${label}"`, {
      hint: "Give one line for each value, in the order in which they are named",
      details: { label },
    });
  };
}

async function inTurn(
  names: readonly string[],
  read: (name: string) => Promise<string>,
): Promise<string[]> {
  const values: string[] = [];
  for (const name of names) values.push(await read(name));
  return values;
}
