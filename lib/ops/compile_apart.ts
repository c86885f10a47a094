/**
 * Documents that may cost much are compiled in a child process with a limit of time and memory: what one of them
 * does to the process that reads it, it does to nobody else's calls.
 */
import type { Context } from "../base/context.ts";
import { AppError, type ErrorCode } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";
import { dirname } from "node:path";
import { runOwnChild } from "../store/own_child.ts";
import { compileDocuments, type CompileEnd, type CompileJob } from "./compile_documents.ts";

/** The hidden mode of the program in which it is the child. */
const COMPILE_MODE = "--keysmith-compile";

/** Documents up to this size together are compiled here, which takes as long as a child to start. In bytes. */
const MAX_HERE_BYTES = 1024 * 1024;

export interface CompileLimits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

/** The largest public documents (35 MB of YAML) take a third of both. */
const LIMITS: CompileLimits = { timeoutMs: 120_000, memoryBytes: 2 * 1024 * 1024 * 1024 };

/**
 * @throws {AppError} as `compileDocuments`; `UNSUPPORTED` with `details.limit` for documents that cost too much,
 * `INTERRUPTED`.
 */
export async function compiled(
  ctx: Pick<Context, "signal">,
  job: CompileJob,
  limits = LIMITS,
): Promise<CompileEnd> {
  return await isCheap(job) ? await compileDocuments(job) : await compiledApart(ctx, job, limits);
}

/** Few bytes may stand for many: aliases of YAML do. */
async function isCheap({ sources }: CompileJob): Promise<boolean> {
  const sizes = await Promise.all(
    sources.map(({ file }) => Deno.stat(file).then(({ size }) => size, () => 0)),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_HERE_BYTES) return false;
  const texts = await Promise.all(
    sources.map(({ file }) => Deno.readTextFile(file).catch(() => "")),
  );
  return !texts.some(hasAliases);
}

function hasAliases(text: string): boolean {
  return /[\s,[{:-]\*[^\s*]/.test(text) && !/^\s*\{\s*"/.test(text);
}

async function compiledApart(
  { signal }: Pick<Context, "signal">,
  job: CompileJob,
  { timeoutMs, memoryBytes }: CompileLimits,
): Promise<CompileEnd> {
  const folder = dirname(job.prefix);
  const { stdout, stderr, limit } = await runOwnChild({
    mode: COMPILE_MODE,
    input: JSON.stringify(job),
    timeoutMs,
    memoryBytes,
    read: [folder, ...job.sources.map(({ file }) => file)],
    write: [folder],
  }, signal);
  const end = parseJson(stdout);
  if (isRecord(end) && typeof end.digest === "string") return { digest: end.digest, read: null };
  if (isRecord(end) && isRecord(end.error)) throw thrownBy(end.error);
  throw tooCostly(job, limit, limit === null ? stderr : "", { timeoutMs, memoryBytes });
}

function tooCostly(
  { service, sources }: CompileJob,
  limit: "time" | "memory" | null,
  said: string,
  { timeoutMs, memoryBytes }: CompileLimits,
): AppError {
  const why = {
    time: `takes longer than ${timeoutMs / 1000} s to read`,
    memory: `takes more than ${Math.round(memoryBytes / 1024 / 1024)} MiB of memory to read`,
    none: "ends the process that reads it",
  }[limit ?? "none"];
  return new AppError("UNSUPPORTED", `The document "${sources[0]!.location}" ${why}`, {
    hint: "Name a document of the operations that are needed, with fewer aliases and references",
    details: { service: service.name, file: sources[0]!.location, limit: limit ?? "process" },
    cause: said === "" ? undefined : new Error(said.slice(0, 2_000)),
  });
}

function thrownBy(error: Readonly<Record<string, unknown>>): AppError {
  const { code, message, hint, details } = error;
  return new AppError(code as ErrorCode, String(message), {
    ...(typeof hint === "string" ? { hint } : {}),
    ...(isRecord(details) ? { details } : {}),
  });
}

/** The child's side: takes the work from stdin, and says on stdout what became of it. */
export async function compileFromStdin(): Promise<void> {
  const job = JSON.parse(await new Response(Deno.stdin.readable).text()) as CompileJob;
  console.log(JSON.stringify(await endOf(job)));
}

async function endOf(job: CompileJob): Promise<Record<string, unknown>> {
  try {
    const { digest } = await compileDocuments(job);
    return { digest };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, hint, details } = error;
    return { error: { code, message, hint, details } };
  }
}
