/** Faults of the user's machine, which are no bug: each named as what it is, with what helps. */
import { AppError, messageOf } from "../base/error.ts";

const OTHER_HOME = "--home or KEYSMITH_HOME chooses another home";

const OTHER_CONFIG = "XDG_CONFIG_HOME chooses another folder for it";
/** As messages name the user's own configuration, or its folder. */
const OF_CONFIG = /[\\/]\.config[\\/]|[\\/]config\.ya?ml/;

/** By the system's code: errno(3), as the runtime names it. */
const REMEDIES: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  EACCES: ["The system refuses a file", `Check that the folder can be written; ${OTHER_HOME}`],
  EPERM: ["The system refuses a file", `Check that the folder can be written; ${OTHER_HOME}`],
  EROFS: ["The file system can only be read", `Mount it for writing; ${OTHER_HOME}`],
  ENOTDIR: ["The system refuses a file", `A file stands where a folder should be; ${OTHER_HOME}`],
  ELOOP: ["The system refuses a file", `Its links lead in a circle; ${OTHER_HOME}`],
  ENOSPC: [
    "The disk is full",
    `Free some space, or remove files where there is room for no more of them (df -i); ${OTHER_HOME}`,
  ],
  EDQUOT: ["Your quota of the disk is used up", `Free some space; ${OTHER_HOME}`],
  EFBIG: ["A file is larger than the system allows", `Raise the limit (ulimit -f); ${OTHER_HOME}`],
  EIO: ["The disk fails", `Check the disk and its cables; ${OTHER_HOME}`],
  ENOLCK: ["This file system has no locks", `Keep the home on a local disk: ${OTHER_HOME}`],
  ENOTSUP: ["This file system has no locks", `Keep the home on a local disk: ${OTHER_HOME}`],
  EOPNOTSUPP: ["This file system has no locks", `Keep the home on a local disk: ${OTHER_HOME}`],
  ENOSYS: ["This file system has no locks", `Keep the home on a local disk: ${OTHER_HOME}`],
  EMFILE: ["Too many files are open", "Raise the limit (ulimit -n), or run fewer commands at once"],
  ENFILE: ["Too many files are open", "Run fewer programs at once"],
  ENOMEM: ["The machine is out of memory", "End other programs, or give it more"],
};

/** As the error to report; `undefined` for anything else. `details`: `{ system }`. */
export function machineFault(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : codeIn(thrown);
  if (isTextTooLong(thrown, code)) return textTooLong(thrown);
  if (isPatternTooLong(thrown)) return patternTooLong(thrown);
  if (code === undefined || !Object.hasOwn(REMEDIES, code)) return undefined;
  const [problem, remedy] = REMEDIES[code]!;
  const hint = OF_CONFIG.test(thrown.message) ? remedy.replace(OTHER_HOME, OTHER_CONFIG) : remedy;
  return new AppError("BAD_STORE", `${problem}: ${messageOf(thrown)}`, {
    hint,
    details: { system: code },
    cause: thrown,
  });
}

/** Of errors the runtime has no class for, the code is lost and the number stays in the message. */
const NUMBERS: Readonly<Record<string, string>> = {
  5: "EIO",
  12: "ENOMEM",
  23: "ENFILE",
  24: "EMFILE",
  28: "ENOSPC",
  37: "ENOLCK",
  95: "EOPNOTSUPP",
  122: "EDQUOT",
};

function codeIn({ message }: Error): string | undefined {
  const number = Deno.build.os === "linux" ? /\(os error (\d+)\)/.exec(message)?.[1] : undefined;
  return number === undefined ? undefined : NUMBERS[number];
}

/** V8 holds texts of at most 512 Mi characters. */
function isTextTooLong({ message }: Error, code: string | undefined): boolean {
  return code === "ERR_STRING_TOO_LONG" ||
    /^Invalid string length|[Cc]annot create a string longer|exceeds (the )?maximum (string )?length/
      .test(message);
}

function textTooLong(cause: Error): AppError {
  return new AppError("UNSUPPORTED", "A text is larger than the 512 MB that one text can have", {
    hint: "Record or ask for less at once",
    details: { system: "ERR_STRING_TOO_LONG" },
    cause,
  });
}

/**
 * V8's regular expressions remember a place for each turn of a loop whose turns differ, in 64 MB: some millions of
 * characters in one quoted text are too many. The same words with another function on top are an endless recursion, a bug.
 */
function isPatternTooLong({ name, message, stack = "" }: Error): boolean {
  return name === "RangeError" && message === "Maximum call stack size exceeded" &&
    /^.*\n\s+at (?:RegExp|String\.(?:match|replace|search|split))/.test(stack);
}

function patternTooLong(cause: Error): AppError {
  return new AppError("UNSUPPORTED", "A single value is larger than can be searched", {
    hint: "Record or ask for less at once",
    details: { system: "RegExp" },
    cause,
  });
}
