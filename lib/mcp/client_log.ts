/**
 * What the server tells its user, told to the client as well (`notifications/message`, MCP "Logging"): lines that
 * stand on stderr, and each call. Clients of revisions before 2026 choose a level for the connection, later ones
 * name it with each request, and get what is said while that lasts.
 */
import type {
  CallToolResult,
  InputRequiredResult,
  LoggingLevel,
  ServerContext,
} from "@modelcontextprotocol/server";
import type { Context, Terminal } from "../base/context.ts";
import type { Redactor } from "../base/redact.ts";
import { redactJson } from "../base/redact_json.ts";
import type { Connection } from "./connection.ts";
import { LEVELS } from "./log_levels.ts";

/** The member of a request's envelope, which the library's types leave out. */
const LEVEL_OF_REQUEST = "io.modelcontextprotocol/logLevel";

/** Until a client chooses one: what its user may want to know, and no calls. */
const USUAL_LEVEL: LoggingLevel = "info";

export interface LogEntry {
  readonly level: LoggingLevel;
  /** Of which part of the server: `keysmith`, or the tool that was called. */
  readonly logger: string;
  /** A sentence, or an object. Secrets are masked on the way. */
  readonly data: unknown;
}

/** What is said outside of calls, for every connection. */
export class ServerLog {
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  note(entry: LogEntry): void {
    for (const listener of this.#listeners) listener(entry);
  }

  /** Answers the way to stop it. */
  onEntry(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** The log as one client hears it. */
export class ClientLog {
  readonly #connection: Connection;
  readonly #redactor: Redactor;
  #level = USUAL_LEVEL;

  constructor(connection: Connection, redactor: Redactor) {
    this.#connection = connection;
    this.#redactor = redactor;
    connection.setRequestHandler("logging/setLevel", ({ params }) => {
      this.#level = params.level;
      return {};
    });
  }

  /** To a client of a revision before 2026; later ones hear what is said with requests alone. */
  tell(entry: LogEntry): void {
    const revision = this.#connection.getNegotiatedProtocolVersion();
    if (revision === undefined || revision >= "2026") return;
    if (LEVELS.indexOf(entry.level) < LEVELS.indexOf(this.#level)) return;
    const params = { ...this.#shown(entry) };
    void this.#connection.notification({ method: "notifications/message", params }).catch(() => {});
  }

  /** About one request, while it lasts: to a client that wants to hear it. */
  tellWith(mcpReq: Pick<ServerContext["mcpReq"], "envelope" | "log">, entry: LogEntry): void {
    if (mcpReq.envelope === undefined) return this.tell(entry);
    const wanted: unknown =
      (mcpReq.envelope as Readonly<Record<string, unknown>>)[LEVEL_OF_REQUEST];
    const isWanted = LEVELS.includes(wanted as LoggingLevel) &&
      LEVELS.indexOf(entry.level) >= LEVELS.indexOf(wanted as LoggingLevel);
    if (!isWanted) return;
    const { level, data, logger } = this.#shown(entry);
    void mcpReq.log(level, data, logger).catch(() => {});
  }

  #shown({ level, logger, data }: LogEntry): LogEntry {
    return { level, logger, data: redactJson(data, this.#redactor) };
  }
}

/** Says of a call how it ended and how long it took. */
export async function noted<T extends CallToolResult | InputRequiredResult>(
  { clock }: Context,
  logger: string,
  note: (entry: LogEntry) => void,
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = clock.nowMs();
  const end = (level: LogEntry["level"], outcome: string) =>
    note({ level, logger, data: { outcome, milliseconds: clock.nowMs() - startedMs } });
  try {
    const result = await work();
    if ("isError" in result && result.isError === true) end("info", "failed");
    else end("debug", "inputRequests" in result ? "asked the user" : "answered");
    return result;
  } catch (error) {
    end("info", "failed");
    throw error;
  }
}

/** The context with its lines for stderr heard by `told` as well. */
export function heard<T extends Context>(ctx: T, told: (text: string) => void): T {
  const { term } = ctx;
  const heardTerm: Terminal = {
    interactive: term.interactive,
    out: (text) => term.out(text),
    err: (text) => {
      term.err(text);
      told(text);
    },
    promptText: (label) => term.promptText(label),
    promptSecret: (label) => term.promptSecret(label),
    confirm: (question) => term.confirm(question),
  };
  return { ...ctx, term: heardTerm };
}
