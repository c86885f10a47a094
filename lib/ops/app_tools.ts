/** The tools of a captured app. */
import { takeAccount, withAccounts } from "./account_argument.ts";
import { accountName, appOf } from "../store/account.ts";
import { noteUse } from "../store/last_use.ts";
import { deriveOnce } from "./derive_once.ts";
import { openAssumptions, provenWords } from "./proof_verdict.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { Home } from "../store/home.ts";
import { isIdempotentMethod, type ToolDefinition } from "../tools/definition.ts";
import { recordedAnswers } from "../tools/recorded_answers.ts";
import { readNamedTool } from "../tools/named_tool.ts";
import { readTool, toolNames } from "../tools/tool_store.ts";
import { pageForData } from "../tools/upstream_error.ts";
import type {
  SkippedTool,
  ToolArguments,
  ToolCallOptions,
  ToolDetails,
  ToolListing,
  ToolOwner,
  ToolResult,
  ToolSummary,
} from "./tool_owner.ts";
import { toolResult } from "./tool_result.ts";

/** Loaded with the first call: a list needs nothing of it. */
let calls: ReturnType<typeof loadCalls> | null = null;

async function loadCalls() {
  const { callAppTool } = await import("../tools/call.ts");
  const { automaticLogin } = await import("./automatic_login.ts");
  return { callAppTool, automaticLogin };
}

export class AppTools implements ToolOwner {
  readonly kind = "app";
  readonly name: string;
  readonly #ctx: Context;
  readonly #home: Home;

  constructor(ctx: Context, home: Home, app: string) {
    this.name = app;
    this.#ctx = ctx;
    this.#home = home;
  }

  /** A damaged tool file is skipped: it does not take the others with it. */
  async list(): Promise<ToolListing> {
    await deriveOnce(this.#ctx, this.#home, this.name);
    const tools: ToolSummary[] = [];
    const skipped: SkippedTool[] = [];
    const accounts = await this.#accounts();
    for (const name of await toolNames(this.#home, this.name)) {
      try {
        tools.push(withAccounts(summaryOf(await readTool(this.#home, this.name, name)), accounts));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        skipped.push({ name, reason: error.message });
      }
    }
    return { tools, skipped };
  }

  async show(tool: string): Promise<ToolDetails> {
    await deriveOnce(this.#ctx, this.#home, this.name);
    const definition = await readNamedTool(this.#home, this.name, tool);
    return { summary: withAccounts(summaryOf(definition), await this.#accounts()), definition };
  }

  async call(tool: string, args: ToolArguments, given: ToolCallOptions): Promise<ToolResult> {
    const { contentType, ...options } = given;
    if (contentType !== undefined) throw noChoice(contentType);
    await deriveOnce(this.#ctx, this.#home, this.name);
    const definition = await readNamedTool(this.#home, this.name, tool);
    const { account, rest } = takeAccount(definition, args, await this.#accounts());
    const name = account === null ? this.name : `${this.name}@${account}`;
    const { callAppTool, automaticLogin } = await (calls ??= loadCalls());
    const refresh = { login: automaticLogin(this.#ctx, this.#home, name) };
    const response = await callAppTool(this.#ctx, this.#home, name, definition, rest, {
      ...options,
      refresh,
    }).catch((thrown) => this.#withProof(thrown));
    await noteUse(this.#home, name, this.#ctx.clock.nowMs());
    const loginCommand = `keysmith auth login ${name}`;
    const result = toolResult(response, loginCommand);
    return { ...result, error: result.error ?? pageForData(definition, response, loginCommand) };
  }

  /** Those a call may choose from: none where the name chooses one. */
  async #accounts(): Promise<string[]> {
    return accountName(this.name).account === null ? await this.#home.listAccounts(this.name) : [];
  }

  /** Who is to log in hears what the proof of the login took on trust. */
  async #withProof(thrown: unknown): Promise<never> {
    if (!(thrown instanceof AppError) || thrown.code !== "AUTH_NEEDED") throw thrown;
    const { readAuthRecord } = await import("../token/auth_file.ts");
    const proof = (await readAuthRecord(this.#home, this.name))?.proof;
    if (!proof?.passed || openAssumptions(proof).length === 0) throw thrown;
    throw new AppError(thrown.code, thrown.message, {
      hint: `${thrown.hint} (its script is ${provenWords(proof)}: keysmith auth explain ${
        appOf(this.name)
      })`,
      details: thrown.details,
      cause: thrown,
    });
  }
}

/** A recorded tool sends what the app sent. */
export function noChoice(contentType: string): AppError {
  return new AppError("USAGE", `The tool takes no body of "${contentType}"`, {
    hint: "Tools of a recorded app send the media type that was recorded",
  });
}

function summaryOf(tool: ToolDefinition): ToolSummary {
  const answers = recordedAnswers(tool.answer);
  return {
    name: tool.name,
    description: tool.description,
    method: tool.method,
    path: tool.path,
    url: tool.origin + tool.path,
    tags: [],
    requiresAuth: tool.requiresAuth,
    safe: tool.safe,
    idempotent: tool.safe || isIdempotentMethod(tool.method),
    additive: tool.method === "POST" && tool.answer?.status === 201,
    words: isRecord(tool.parameters) && isRecord(tool.parameters.properties)
      ? Object.keys(tool.parameters.properties)
      : [],
    size: JSON.stringify(tool.parameters).length,
    parameters: tool.parameters,
    answersSize: answers === null ? 0 : JSON.stringify(answers).length,
    answers,
  };
}
