/**
 * The wall of the operating system: a process that runs scripts closes itself before one arrives. The order
 * matters. Landlock binds threads that are there and those that these start, so it comes before the Worker; the filter
 * comes last, for it ends the opening of sockets by which Landlock is tried.
 *
 * On Linux alone. Elsewhere, and where the kernel lacks a part, that part does not stand and the report says so.
 */
import { type LandlockRules, restrictFilesAndPorts } from "./landlock.ts";
import { type Libc, openLibc } from "./libc.ts";
import { installFilter, seccompFilter } from "./seccomp.ts";
import { NO_WALLS, type WallReport } from "./wall_report.ts";
import { tryWalls } from "./try_walls.ts";

export interface ClosedReach {
  /** Folders and files that the process still reads: what its program lies in. */
  readonly readable: readonly string[];
  /** `host:port` pairs that it may connect to. */
  readonly hosts: readonly string[];
}

/** For tests, which take walls away to see that each of the others holds alone. */
export interface RaisedWalls {
  readonly files: boolean;
  readonly calls: boolean;
}

const PR_SET_NO_NEW_PRIVS = 38;

/** What the C library reads to look a name up (`getaddrinfo(3)`); its modules lie in its own folder. */
const NAME_FILES = [
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/nsswitch.conf",
  "/etc/host.conf",
  "/etc/gai.conf",
  "/etc/services",
  "/etc/ld.so.cache",
];

/** By which the runtime tells the resident memory of its process. */
const OWN_MEMORY = "/proc/self/statm";

/** Closes this process for good, as far as the system knows how. Answers what was tried and found closed. */
export function closeProcess(
  reach: ClosedReach,
  raised: RaisedWalls = { files: true, calls: true },
): WallReport {
  const libc = openLibc();
  if (libc === null) return NO_WALLS;
  try {
    libc.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const looksUpNames = reach.hosts.some(isName);
    const bindsThreads = raised.files &&
      restrictFilesAndPorts(libc, landlockRules(libc, reach, looksUpNames));
    if (raised.calls) {
      const { arch: processor } = Deno.build;
      installFilter(libc, seccompFilter({ processor, pid: Deno.pid, datagrams: looksUpNames }));
    }
    const { files, ports, ...others } = tryWalls(libc, reach.hosts.map(portOf));
    return { ...others, files: files && bindsThreads, ports: ports && bindsThreads };
  } finally {
    libc.close();
  }
}

function landlockRules(libc: Libc, reach: ClosedReach, looksUpNames: boolean): LandlockRules {
  const names = looksUpNames ? [...NAME_FILES, libc.path.slice(0, libc.path.lastIndexOf("/"))] : [];
  const ports = new Set(reach.hosts.map(portOf));
  if (looksUpNames) ports.add(53); // an answer that fits no datagram is fetched by TCP
  return { readable: [OWN_MEMORY, ...reach.readable, ...names], ports: [...ports] };
}

function portOf(host: string): number {
  return Number(host.slice(host.lastIndexOf(":") + 1));
}

/** Neither `127.0.0.1:80` nor `[::1]:80`. */
function isName(host: string): boolean {
  return !/^(?:\[|(?:\d{1,3}\.){3}\d{1,3}:)/.test(host);
}
