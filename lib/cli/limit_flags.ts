/** The options that bound a script's run, with their defaults, shared by every command that runs one. */
import type { Option } from "./command.ts";
import type { Flags } from "./flags.ts";

export const LIMIT_OPTIONS: readonly Option[] = [
  {
    flags: "--timeout <seconds>",
    summary: "stop the script after this time, prompts not counted (60)",
  },
  { flags: "--max-cpu <seconds>", summary: "stop the script after this much processor time (20)" },
  { flags: "--max-memory <megabytes>", summary: "stop the script above this much memory (512)" },
  { flags: "--max-output <kilobytes>", summary: "stop the script after this much output (1024)" },
  { flags: "--max-prompts <count>", summary: "stop the script after this many prompts (20)" },
];

/** Only what was given; the sandbox has the defaults. */
export interface LimitOverrides {
  timeoutMs?: number;
  cpuMs?: number;
  memoryBytes?: number;
  outputBytes?: number;
  prompts?: number;
}

/** @throws {AppError} `USAGE`. */
export function parseLimits(flags: Flags): LimitOverrides {
  const limits: LimitOverrides = {};
  const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
  const cpuS = flags.number("maxCpu", { min: 0.1, max: 3_600 });
  const memoryMb = flags.number("maxMemory", { min: 64, max: 65_536 });
  const outputKb = flags.number("maxOutput", { min: 1, max: 1_048_576 });
  const prompts = flags.number("maxPrompts", { min: 0, max: 1_000 });
  if (timeoutS !== undefined) limits.timeoutMs = Math.round(timeoutS * 1_000);
  if (cpuS !== undefined) limits.cpuMs = Math.round(cpuS * 1_000);
  if (memoryMb !== undefined) limits.memoryBytes = Math.round(memoryMb * 1_048_576);
  if (outputKb !== undefined) limits.outputBytes = Math.round(outputKb * 1_024);
  if (prompts !== undefined) limits.prompts = Math.floor(prompts);
  return limits;
}
