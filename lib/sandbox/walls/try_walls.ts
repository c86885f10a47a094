/**
 * Tries, from inside, what the walls are to refuse. Nothing is concluded from a call that raised a wall having
 * succeeded. Each attempt is harmless where no wall stands: what it opens it closes, and what
 * it asks for cannot succeed.
 */
import type { Libc } from "./libc.ts";
import type { WallReport } from "./wall_report.ts";

const EPERM = -1;
const EACCES = -13;

const AT_FDCWD = -100;
const O_RDONLY_CLOEXEC = 0o2000000;
const O_WRONLY_CLOEXEC = 0o2000001;
const PR_GET_NO_NEW_PRIVS = 39;
const AF_UNIX = 1;
const AF_INET = 2;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const IPPROTO_MPTCP = 262;
const MSG_FASTOPEN = 0x20000000;
const NOTHING = new Uint8Array(1);
const NO_SUCH_REQUEST = 0xffff;

/** `approvedPorts`: those that a connection may go to. */
export function tryWalls(libc: Libc, approvedPorts: readonly number[]): WallReport {
  return {
    no_new_privileges: libc.call("prctl", PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) === 1,
    files: ["/", "/proc/self/cmdline"].every((path) => refusesToRead(libc, path)),
    ports: refusesToConnect(libc, approvedPorts),
    system_calls: refusesCalls(libc),
    profile: false,
  };
}

function refusesToRead(libc: Libc, path: string): boolean {
  return refuses(libc, libc.call("openat", AT_FDCWD, text(path), O_RDONLY_CLOEXEC), EACCES);
}

/** By each way of the kernel to connect. A port of this machine that nobody approved; the lowest are hardly ever listened on. */
function refusesToConnect(libc: Libc, approvedPorts: readonly number[]): boolean {
  const port = [1, 2, 3, 4, 5].find((candidate) => !approvedPorts.includes(candidate)) ?? 6;
  const address = new DataView(new ArrayBuffer(16)); // struct sockaddr_in
  address.setUint16(0, AF_INET, true);
  address.setUint16(2, port);
  address.setUint32(4, 0x7f000001);
  const socket = libc.call("socket", AF_INET, SOCK_STREAM_CLOEXEC, 0);
  if (socket < 0) return false;
  const bySending = libc.call("sendto", socket, NOTHING, 0, MSG_FASTOPEN, address, 16);
  const answer = libc.call("connect", socket, address, 16);
  libc.call("close", socket);
  const others = libc.call("socket", AF_INET, SOCK_STREAM_CLOEXEC, IPPROTO_MPTCP);
  // A kernel that has no such sockets says so where no filter answers first.
  const areOthers = others >= 0 && !refuses(libc, others, EPERM);
  return answer === EACCES && [EACCES, EPERM].includes(bySending) && !areOthers;
}

/** `/` is not a program, no folder is written to, and no request of ptrace has that number. */
function refusesCalls(libc: Libc): boolean {
  const answers = [
    libc.call("execve", text("/"), null, null),
    libc.call("unshare", 0),
    libc.call("ptrace", NO_SUCH_REQUEST, 0, 0, 0),
    libc.call("openat", AT_FDCWD, text("/"), O_WRONLY_CLOEXEC),
    libc.call("socket", AF_UNIX, SOCK_STREAM_CLOEXEC, 0),
    libc.call("mkdirat", AT_FDCWD, text("/"), 0o700),
  ];
  return answers.map((answer) => refuses(libc, answer, EPERM)).every((isRefused) => isRefused);
}

/** Closes what was opened after all. */
function refuses(libc: Libc, answer: number, error: number): boolean {
  if (answer > 0) libc.call("close", answer);
  return answer === error;
}

function text(path: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${path}\0`);
}
