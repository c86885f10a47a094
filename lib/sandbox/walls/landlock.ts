/**
 * Landlock (Linux 5.13 and later, `Documentation/userspace-api/landlock.rst`): from now on this thread, those
 * that it starts, and those that work for it already open no file but the ones named, for reading, and
 * connect by TCP to no port but the ones named. The rights that a kernel does not know yet are left out;
 * `abi` says which it knows.
 */
import type { Libc } from "./libc.ts";
import { onPoolThreads } from "./pool_threads.ts";
import type { SystemCall } from "./thread_calls.ts";

/** First version of the interface that knows the rights of a list. */
const FILE_RIGHTS: readonly (readonly [abi: number, bits: bigint])[] = [
  [1, 0x1fffn], // execute, write, read, list, remove, make
  [2, 1n << 13n], // link and rename between folders
  [3, 1n << 14n], // truncate
  [5, 1n << 15n], // ioctl on devices
];
const NET_ABI = 4;
const SCOPE_ABI = 6;

const READ_FILE = 1n << 2n;
const READ_FOLDER = 1n << 3n;
const BIND_AND_CONNECT = 0b11n;
const CONNECT = 0b10n;
/** No abstract Unix sockets and no signals beyond the threads that are restricted alike. */
const SCOPES = 0b11n;

const CREATE_RULESET_VERSION = 1;
const RULE_PATH_BENEATH = 1;
const RULE_NET_PORT = 2;

export const PR_SET_NO_NEW_PRIVS = 38;

/**
 * The threads of the runtime's pool that are there before the program: none in an executable, which opens no caches. On
 * aarch64 `thread_calls.ts` was never tried, so they stay open there, and nothing says that files are closed.
 */
export function poolAtStart(
  { standalone, arch }: Pick<typeof Deno.build, "standalone" | "arch">,
): "none" | "restrictable" | "open" {
  if (standalone) return "none";
  return arch === "x86_64" ? "restrictable" : "open";
}

const AT_FDCWD = -100;
const O_PATH_CLOEXEC = 0o12000000;

export interface LandlockRules {
  /** Files, and folders with all in them, that may be read; missing ones are passed over. */
  readonly readable: readonly string[];
  /** TCP ports that may be connected to, on any host. */
  readonly ports: readonly number[];
}

/** The version of the kernel's interface; 0 where Landlock is not there or switched off. */
function landlockAbi(libc: Libc): number {
  return Math.max(0, libc.call("landlock_create_ruleset", null, 0, CREATE_RULESET_VERSION));
}

/**
 * Sets `no_new_privs`, which it needs, on each thread. Answers whether the kernel took it, for all threads of the
 * pool in time; where it takes no ruleset, nothing is restricted.
 */
export function restrictFilesAndPorts(libc: Libc, { readable, ports }: LandlockRules): boolean {
  const abi = landlockAbi(libc);
  if (abi === 0) return false;
  const ruleset = libc.call("landlock_create_ruleset", ...handledRights(abi), 0);
  if (ruleset < 0) return false;
  const isWhole = readable.every((path) => allowReading(libc, ruleset, path)) &&
    (abi < NET_ABI || ports.every((port) => allowConnecting(libc, ruleset, port)));
  const isClosed = isWhole && restrictThreads(libc, ruleset);
  libc.call("close", ruleset);
  return isClosed;
}

function restrictThreads(libc: Libc, ruleset: number): boolean {
  const calls: readonly SystemCall[] = [
    ["prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0],
    ["landlock_restrict_self", ruleset, 0],
  ];
  const answers = calls.map((call) => libc.call(...call));
  if (!answers.every((answer) => answer === 0)) return false;
  const pool = poolAtStart(Deno.build);
  return pool === "none" || (pool === "restrictable" && onPoolThreads(libc, calls));
}

/** `struct landlock_ruleset_attr`, as long as this version has it. */
function handledRights(abi: number): [attributes: BigUint64Array<ArrayBuffer>, bytes: number] {
  const files = FILE_RIGHTS.filter(([since]) => since <= abi)
    .reduce((bits, [, more]) => bits | more, 0n);
  const words = [
    files,
    ...(abi >= NET_ABI ? [BIND_AND_CONNECT] : []),
    ...(abi >= SCOPE_ABI ? [SCOPES] : []),
  ];
  return [new BigUint64Array(words), words.length * 8];
}

/** Answers false where the rule is refused. The path stays open: in `/proc` a file is another one once nobody holds it. */
function allowReading(libc: Libc, ruleset: number, path: string): boolean {
  const name = new TextEncoder().encode(`${path}\0`);
  const file = libc.call("openat", AT_FDCWD, name, O_PATH_CLOEXEC);
  if (file < 0) return true;
  return addPath(libc, ruleset, file, READ_FILE | READ_FOLDER) ||
    addPath(libc, ruleset, file, READ_FILE);
}

/** `struct landlock_path_beneath_attr`, packed. A file refuses rights of folders. */
function addPath(libc: Libc, ruleset: number, file: number, rights: bigint): boolean {
  const attributes = new DataView(new ArrayBuffer(12));
  attributes.setBigUint64(0, rights, true);
  attributes.setInt32(8, file, true);
  return libc.call("landlock_add_rule", ruleset, RULE_PATH_BENEATH, attributes, 0) === 0;
}

/** `struct landlock_net_port_attr`. */
function allowConnecting(libc: Libc, ruleset: number, port: number): boolean {
  const attributes = new BigUint64Array([CONNECT, BigInt(port)]);
  return libc.call("landlock_add_rule", ruleset, RULE_NET_PORT, attributes, 0) === 0;
}
