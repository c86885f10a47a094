/** The options of `mcp stdio`, which `mcp install` has its clients start the server with. */
import type { ServeOptions } from "../mcp/serve_options.ts";
import type { Option } from "./command.ts";
import { ENVIRONMENT_OPTIONS, type Worded } from "./environment_flags.ts";

const MODES = ["all", "search", "auto"] as const;

export const SERVING_OPTIONS: readonly Option[] = [
  {
    flags: "--app <app...>",
    summary: "the same by option: an app, APP@ACCOUNT or APP:ENVIRONMENT",
  },
  ...ENVIRONMENT_OPTIONS,
  { flags: "--read-only", summary: "offer only tools that change nothing" },
  {
    flags: "--confirm-writes",
    summary: "have the client ask its user before each call that may change something",
  },
  {
    flags: "--tools <mode>",
    summary: "all: list every tool; search: list search_tools, describe_tool and call_tool " +
      "instead; auto: that where the list would take more than 64 KiB (auto)",
  },
  {
    flags: "--pin <pattern...>",
    summary: "list these in any case: names, * stands for any text",
  },
  { flags: "--tag <tag...>", summary: "offer only tools of these groups of the document" },
  { flags: "--method <method...>", summary: "offer only tools of these HTTP methods" },
  { flags: "--path <path...>", summary: "offer only tools at or below these paths" },
  {
    flags: "--match <pattern...>",
    summary: 'offer only these names, or requests: "GET /pets/*"',
  },
  { flags: "--timeout <seconds>", summary: "give up a call after this time (30)" },
];

/** @throws {AppError} `USAGE`. */
export function readServing(
  { operands, flags }: Worded,
): Required<Omit<ServeOptions, "timeoutMs" | "beatEveryMs">> & {
  readonly timeoutMs?: number;
} {
  const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
  return {
    only: [...operands, ...flags.list("app")],
    readOnly: flags.on("readOnly"),
    confirmWrites: flags.on("confirmWrites"),
    mode: flags.choice("tools", MODES) ?? "auto",
    choice: {
      tags: flags.list("tag"),
      methods: flags.list("method").map((method) => method.toUpperCase()),
      paths: flags.list("path"),
      match: flags.list("match"),
      pin: flags.list("pin"),
    },
    ...(timeoutS === undefined ? {} : { timeoutMs: timeoutS * 1_000 }),
  };
}

/** The words behind `mcp stdio` that `readServing` reads as these options. */
export function servingWords(options: ReturnType<typeof readServing>): string[] {
  const { only, readOnly, confirmWrites, mode, choice, timeoutMs } = options;
  return [
    ...only,
    ...(readOnly ? ["--read-only"] : []),
    ...(confirmWrites ? ["--confirm-writes"] : []),
    ...(mode === "auto" ? [] : ["--tools", mode]),
    ...repeated("--pin", choice.pin),
    ...repeated("--tag", choice.tags),
    ...repeated("--method", choice.methods),
    ...repeated("--path", choice.paths),
    ...repeated("--match", choice.match),
    ...(timeoutMs === undefined ? [] : ["--timeout", String(timeoutMs / 1_000)]),
  ];
}

/** In one word each where a value looks like an option. */
function repeated(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => value.startsWith("-") ? [`${flag}=${value}`] : [flag, value]);
}
