import assert from "node:assert/strict";
import { seccompFilter } from "../../../lib/sandbox/walls/seccomp.ts";
import { numberOn, type SyscallName } from "../../../lib/sandbox/walls/syscalls.ts";
import { decide } from "./bpf_machine.ts";

const PID = 4242;
const ALLOWED = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const KILLED = 0x80000000;

const ARCHITECTURES = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;
type Processor = keyof typeof ARCHITECTURES;
const PROCESSORS = Object.keys(ARCHITECTURES) as Processor[];

/** From the headers of C libraries, not from the table under test. */
const WELL_KNOWN: Readonly<Record<Processor, Partial<Record<SyscallName, number>>>> = {
  x86_64: { execve: 59, ptrace: 101, unshare: 272, openat: 257, socket: 41, clone: 56, bind: 49 },
  aarch64: {
    execve: 221,
    ptrace: 117,
    unshare: 97,
    openat: 56,
    socket: 198,
    clone: 220,
    bind: 200,
  },
};

interface Case {
  readonly name: SyscallName;
  readonly args?: readonly number[];
  readonly want: number;
}

const CASES: readonly Case[] = [
  ...(["execve", "execveat", "fork", "vfork", "ptrace", "process_vm_writev", "unshare"] as const)
    .map((name) => ({ name, want: EPERM })),
  ...(["setns", "mount", "bpf", "io_uring_setup", "openat2", "mkdirat", "unlinkat"] as const)
    .map((name) => ({ name, want: EPERM })),
  ...(["bind", "listen", "socketpair", "memfd_create", "setuid", "keyctl"] as const)
    .map((name) => ({ name, want: EPERM })),
  { name: "clone3", want: ENOSYS },
  { name: "clone", args: [0x3d0f00], want: ALLOWED }, // what pthread_create() asks for
  { name: "clone", args: [17], want: EPERM }, // fork()
  { name: "clone", args: [0x10000000 | 0x10000], want: EPERM }, // CLONE_NEWUSER
  { name: "clone", args: [0x40000000], want: EPERM }, // CLONE_NEWNET
  { name: "openat", args: [-100, 0, 0o2000000], want: ALLOWED },
  ...[1, 2, 0o101, 0o1000, 0o2000, 0o2000001].map((flags) => ({
    name: "openat" as const,
    args: [-100, 0, flags],
    want: EPERM,
  })),
  { name: "open", args: [0, 0], want: ALLOWED },
  { name: "open", args: [0, 0o102], want: EPERM },
  { name: "socket", args: [2, 1 | 0o2004000, 0], want: ALLOWED },
  { name: "socket", args: [10, 1, 6], want: ALLOWED },
  { name: "socket", args: [2, 3, 1], want: EPERM }, // raw
  { name: "socket", args: [1, 1, 0], want: EPERM }, // Unix
  { name: "socket", args: [16, 3, 0], want: EPERM }, // netlink
  { name: "socket", args: [17, 3, 0], want: EPERM }, // packets
  { name: "socket", args: [40, 1, 0], want: EPERM }, // the host of a virtual machine
  { name: "socket", args: [2, 1, 262], want: EPERM }, // MPTCP
  { name: "socket", args: [10, 1, 132], want: EPERM }, // SCTP
  { name: "socket", args: [2, 1, 256], want: EPERM }, // SMC
  { name: "sendto", args: [3, 0, 5, 0x4000, 0, 0], want: ALLOWED },
  { name: "sendto", args: [3, 0, 5, 0x20000000, 0, 16], want: EPERM }, // connects
  { name: "sendto", args: [3, 0, 5, 0x20004040, 0, 16], want: EPERM },
  { name: "sendmsg", args: [3, 0, 0x4000], want: ALLOWED },
  { name: "sendmsg", args: [3, 0, 0x20000000], want: EPERM },
  { name: "sendmmsg", args: [3, 0, 1, 0x20000000], want: EPERM },
  { name: "sendmmsg", args: [3, 0, 2, 0x4000], want: ALLOWED },
  ...(["getxattr", "inotify_init1", "listmount", "sched_setaffinity", "setpriority"] as const)
    .map((name) => ({ name, want: EPERM })),
  { name: "kill", args: [PID, 9], want: ALLOWED },
  { name: "kill", args: [1, 9], want: EPERM },
  { name: "kill", args: [0, 9], want: EPERM },
  { name: "kill", args: [-1, 9], want: EPERM },
  { name: "tgkill", args: [PID, PID + 1, 6], want: ALLOWED },
  { name: "tgkill", args: [PID - 1, PID - 1, 6], want: EPERM },
  { name: "ioctl", args: [0, 0x5412], want: EPERM },
  { name: "ioctl", args: [0, 0x541c], want: EPERM },
  { name: "ioctl", args: [0, 0x541b], want: ALLOWED },
  { name: "prlimit64", args: [0, 7], want: ALLOWED },
  { name: "prlimit64", args: [1, 7], want: EPERM },
  { name: "connect", args: [3, 0, 16], want: ALLOWED },
  { name: "close", args: [3], want: ALLOWED },
];

Deno.test("seccompFilter() refuses on both processors what a script has no use for", () => {
  for (const processor of PROCESSORS) {
    const filter = seccompFilter({ processor, pid: PID, datagrams: false });
    for (const { name, args = [], want } of CASES) {
      const number = numberOn(processor, name);
      if (number === null) continue;
      const answer = decide(filter, { number, architecture: ARCHITECTURES[processor], args });
      assert.equal(answer, want, `${processor} ${name}(${args.join(", ")})`);
    }
  }
});

Deno.test("seccompFilter() answers to calls newer than its list as an older kernel would", () => {
  for (const processor of PROCESSORS) {
    const filter = seccompFilter({ processor, pid: PID, datagrams: true });
    const call = (number: number) =>
      decide(filter, { number, architecture: ARCHITECTURES[processor], args: [] });
    // The last known one, mseal; setxattrat, file_setattr, and what nobody has heard of.
    assert.deepEqual([462, 463, 469, 5_000].map(call), [ALLOWED, ENOSYS, ENOSYS, ENOSYS]);
  }
});

Deno.test("numberOn() has the numbers of the headers", () => {
  for (const processor of PROCESSORS) {
    for (const [name, number] of Object.entries(WELL_KNOWN[processor])) {
      assert.equal(numberOn(processor, name as SyscallName), number, `${processor} ${name}`);
    }
  }
});

Deno.test("seccompFilter() lets datagrams through for the look-up of names alone", () => {
  for (const processor of PROCESSORS) {
    const architecture = ARCHITECTURES[processor];
    const number = numberOn(processor, "socket")!;
    for (const datagrams of [true, false]) {
      const filter = seccompFilter({ processor, pid: PID, datagrams });
      const answer = (family: number, type: number) =>
        decide(filter, { number, architecture, args: [family, type] });
      const want = datagrams ? ALLOWED : EPERM;
      assert.deepEqual([answer(2, 2), answer(10, 2 | 0o2000000)], [want, want]);
      assert.deepEqual([answer(1, 2), answer(16, 2), answer(2, 5)], [EPERM, EPERM, EPERM]);
    }
  }
});

Deno.test("seccompFilter() ends a process that calls by another architecture's numbers", () => {
  const filter = seccompFilter({ processor: "x86_64", pid: PID, datagrams: false });
  const call = (architecture: number, number: number) =>
    decide(filter, { number, architecture, args: [] });
  assert.equal(call(0x40000003, 11), KILLED); // i386
  assert.equal(call(ARCHITECTURES.aarch64, 221), KILLED);
  assert.equal(call(ARCHITECTURES.x86_64, 0x40000000 + 520), EPERM); // execve of x32
});
