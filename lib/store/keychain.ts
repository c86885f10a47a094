/**
 * The keychain of the operating system, through the system's own tools: `security` on macOS, `secret-tool`
 * (libsecret) on Linux. Secrets travel over stdin and stdout, never as arguments, which every process
 * on the machine can read.
 */
import type { KeychainStore } from "./keychain_store.ts";
import { AppError } from "../base/error.ts";
import { escapeForeignText } from "../base/foreign_text.ts";
import { chunkedKeychain, type ItemStore } from "./keychain_items.ts";
import { runTool, type ToolRunner } from "./run_tool.ts";

/** A locked keychain asks its user for the password, which takes as long as it takes to type one. */
const TIMEOUT_MS = 60_000;

/** `errSecItemNotFound` as the exit code of `security` (`-25300 & 0xff`). */
const SECURITY_NOT_FOUND = 44;

/** `errSecInteractionNotAllowed` (`-25308 & 0xff`): a session without a desktop, as over SSH, or a locked keychain. */
const SECURITY_NO_SESSION = 36;

/** The keychain of this platform. Where there is none, every use throws `UNSUPPORTED`. */
export function openKeychain(
  os: string = Deno.build.os,
  run: ToolRunner = runTool,
): KeychainStore {
  switch (os) {
    case "darwin":
      return chunkedKeychain(macItems(run));
    case "linux":
    case "freebsd":
      return chunkedKeychain(secretToolItems(run));
    default:
      return chunkedKeychain(noItems(os));
  }
}

function macItems(run: ToolRunner): ItemStore {
  const security = async (args: string[], stdin = ""): Promise<string | null> => {
    const { code, stdout } = await run("security", args, stdin, TIMEOUT_MS);
    if (code === SECURITY_NOT_FOUND) return null;
    if (code === SECURITY_NO_SESSION) {
      throw unusable(
        "it is locked, and nobody can be asked in this session; " +
          '"security unlock-keychain" unlocks it',
      );
    }
    if (code !== 0) throw unusable(`"security" ended with exit code ${code}`);
    return stdout.trimEnd();
  };
  const named = (service: string, account: string | null) =>
    account === null ? ["-s", service] : ["-s", service, "-a", account];
  return {
    read: (service, account) =>
      security(["find-generic-password", ...named(service, account), "-w"]),
    async write(service, account, text) {
      const words = ["-U", ...named(service, account), "-w", text].map(quoted).join(" ");
      await security(["-i"], `add-generic-password ${words}\n`);
      // In interactive mode the exit code is 0 whatever happened.
      const stored = await security(["find-generic-password", ...named(service, account), "-w"]);
      if (stored !== text) throw unusable('"security" did not store the item');
    },
    remove: async (service, account) =>
      await security(["delete-generic-password", ...named(service, account)]) !== null,
  };
}

function secretToolItems(run: ToolRunner): ItemStore {
  const secretTool = async (args: string[], stdin = ""): Promise<string | null> => {
    const { code, stdout, stderr } = await run("secret-tool", args, stdin, TIMEOUT_MS);
    // An item that is not there is exit code 1 without a word; everything else is told on stderr.
    if (code === 1 && stderr.trim() === "") return null;
    if (code !== 0) {
      const [said = ""] = stderr.trim().split("\n");
      throw unusable(`"secret-tool" says "${escapeForeignText(said)}" (exit code ${code})`);
    }
    return stdout;
  };
  const named = (service: string, account: string | null) =>
    account === null ? ["service", service] : ["service", service, "account", account];
  const read = (service: string, account: string | null) =>
    secretTool(["lookup", ...named(service, account)]);
  return {
    read,
    async write(service, account, text) {
      await secretTool(
        ["store", `--label=${service} ${account}`, ...named(service, account)],
        text,
      );
    },
    async remove(service, account) {
      const existed = await read(service, account) !== null;
      await secretTool(["clear", ...named(service, account)]);
      return existed;
    },
  };
}

function noItems(os: string): ItemStore {
  const refuse = (): Promise<never> => Promise.reject(unusable(`not supported here (${os})`));
  return { read: refuse, write: refuse, remove: refuse };
}

/** Quotes a word for `security -i`, which splits lines as a shell does. */
function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}

function unusable(reason: string): AppError {
  return new AppError("UNSUPPORTED", `Cannot use the system keychain: ${reason}`, {
    hint: "Keep token state in files instead: keysmith config set store file",
  });
}
