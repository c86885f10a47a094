/**
 * The wall of the operating system: a process that runs scripts closes itself before one arrives. The order
 * matters. Landlock binds threads that are there and those that these start, so it comes before the Worker; the filter
 * comes last, for it ends the opening of sockets by which Landlock is tried.
 *
 * On Linux alone; on macOS the process is started under a profile (`seatbelt.ts`). Elsewhere, and where the kernel
 * lacks a part, that part does not stand and the report says so.
 */
import { looksUpNames, portsOf } from "./approved_hosts.ts";
import { type LandlockRules, PR_SET_NO_NEW_PRIVS, restrictFilesAndPorts } from "./landlock.ts";
import { type Libc, openLibc } from "./libc.ts";
import { installFilter, seccompFilter } from "./seccomp.ts";
import { NO_WALLS, type WallReport } from "./wall_report.ts";
import { standsUnderProfile } from "./seatbelt.ts";
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
  if (libc === null) return { ...NO_WALLS, profile: standsUnderProfile() };
  try {
    libc.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const bindsThreads = raised.files && restrictFilesAndPorts(libc, landlockRules(libc, reach));
    if (raised.calls) {
      const { arch: processor } = Deno.build;
      const datagrams = looksUpNames(reach.hosts);
      installFilter(libc, seccompFilter({ processor, pid: Deno.pid, datagrams }));
    }
    const { files, ports, ...others } = tryWalls(libc, portsOf(reach.hosts));
    return { ...others, files: files && bindsThreads, ports: ports && bindsThreads };
  } finally {
    libc.close();
  }
}

function landlockRules(libc: Libc, { readable, hosts }: ClosedReach): LandlockRules {
  const hasNames = looksUpNames(hosts);
  const names = hasNames ? [...NAME_FILES, libc.path.slice(0, libc.path.lastIndexOf("/"))] : [];
  const ports = new Set(portsOf(hosts));
  if (hasNames) ports.add(53); // an answer that fits no datagram is fetched by TCP
  return { readable: [OWN_MEMORY, ...readable, ...names], ports: [...ports] };
}
