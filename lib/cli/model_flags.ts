/** The options that say whether a model is asked, shared by the commands that may ask one. */
import { AppError } from "../base/error.ts";
import type { ModelMode } from "../ops/model_access.ts";
import type { Option } from "./command.ts";
import type { Flags } from "./flags.ts";

/** `--llm` before `--no-llm`: neither is then the default. */
export function modelOptions(always: string): Option[] {
  return [
    { flags: "--llm", summary: always },
    { flags: "--no-llm", summary: "ask no model, even where one is set up" },
  ];
}

export function parseModelMode(flags: Flags): ModelMode {
  if (flags.off("llm")) return "never";
  return flags.on("llm") ? "always" : "auto";
}

/** @throws {AppError} `USAGE` for `--show-prompts` beside `--no-llm`. */
export function parseShowPrompts(flags: Flags): boolean {
  const isShown = flags.on("showPrompts");
  if (isShown && flags.off("llm")) {
    throw new AppError("USAGE", "--show-prompts and --no-llm exclude each other");
  }
  return isShown;
}
