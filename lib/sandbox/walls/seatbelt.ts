/**
 * The system's wall on macOS: a profile under which the sandbox process is started by `sandbox-exec` (sandbox-exec(1); the
 * language is that of the profiles in `/System/Library/Sandbox/Profiles`). What is not allowed is refused, for the
 * whole process and for good.
 *
 * Written after the profiles that run such runtimes, and never run on macOS by us: where a process does not start
 * under it, `closed_start.ts` starts it without, and `doctor` says so.
 */
import { looksUpNames, portsOf } from "./approved_hosts.ts";

export const SANDBOX_EXEC = "/usr/bin/sandbox-exec";

/** Readable by everybody, and by no process under the profile. */
export const REFUSED_FILE = "/private/etc/passwd";

export interface ProfileRules {
  /** The runtime or the executable: the one program that may start, with no links in its path. */
  readonly program: string;
  /** Folders that it lies in or loads, with no links in their paths. */
  readonly readable: readonly string[];
  /** `host:port` pairs that it may connect to. */
  readonly hosts: readonly string[];
}

/** Frameworks and libraries, and what the C library and TLS read of the system's settings. */
const SYSTEM_FOLDERS = ["/usr/lib", "/System/Library", "/Library/Apple"];
const SYSTEM_FILES = [
  "/dev/null",
  "/dev/random",
  "/dev/urandom",
  "/private/etc/hosts",
  "/private/etc/localtime",
  "/private/etc/resolv.conf",
  "/private/etc/services",
  "/private/etc/ssl/cert.pem",
];

/** Look-up of names and the judgement of certificates. */
const NAME_SERVICES = [
  "com.apple.SystemConfiguration.DNSConfiguration",
  "com.apple.SystemConfiguration.configd",
  "com.apple.networkd",
  "com.apple.system.opendirectoryd.libinfo",
];
const CERTIFICATE_SERVICES = ["com.apple.trustd", "com.apple.trustd.agent"];
const NAME_SOCKET = "/private/var/run/mDNSResponder";

export function seatbeltProfile({ program, readable, hosts }: ProfileRules): string {
  const hasNames = looksUpNames(hosts);
  const services = [...CERTIFICATE_SERVICES, ...hasNames ? NAME_SERVICES : []];
  const ports = [...new Set(portsOf(hosts))].sort((a, b) => a - b);
  const connections = [
    ...ports.map((port) => `(remote tcp "*:${port}")`),
    ...hasNames ? [path("literal", NAME_SOCKET)] : [],
  ];
  return [
    "(version 1)",
    "(deny default)",
    '(import "system.sb")',
    "(deny process-fork)",
    "(deny file-write*)",
    `(allow process-exec ${path("literal", program)})`,
    "(allow signal (target self))",
    "(allow sysctl-read)",
    "(allow file-read-metadata)",
    `(allow file-map-executable ${path("literal", program)})`,
    rule("file-read*", [
      ...[program, ...SYSTEM_FILES].map((name) => path("literal", name)),
      ...[...readable, ...SYSTEM_FOLDERS].map((name) => path("subpath", name)),
    ]),
    rule("mach-lookup", services.map((name) => `(global-name ${quoted(name)})`)),
    ...connections.length > 0 ? ["(allow system-socket)"] : [],
    ...connections.length > 0 ? [rule("network-outbound", connections)] : [],
  ].join("\n");
}

/** Tried from inside; also false where the runtime itself refuses the file. */
export function standsUnderProfile(): boolean {
  if (Deno.build.os !== "darwin") return false;
  try {
    Deno.openSync(REFUSED_FILE).close();
    return false;
  } catch (thrown) {
    return thrown instanceof Deno.errors.PermissionDenied;
  }
}

function rule(operation: string, filters: readonly string[]): string {
  return `(allow ${operation} ${filters.join(" ")})`;
}

function path(filter: "literal" | "subpath", name: string): string {
  return `(${filter} ${quoted(name)})`;
}

/** A text of the language knows these two escapes. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
