/**
 * A seccomp filter (`Documentation/userspace-api/seccomp_filter.rst`), on every thread of the process: system
 * calls by which a process reaches others, changes files, starts programs or takes on rights answer EPERM.
 * It is a list of what is refused. A list of what is allowed would have to follow each version of the C library, of V8
 * and of the runtime, and a call missing in it would end logins on somebody's machine. Calls that are newer than the list
 * answer ENOSYS, as on the kernels that came before them, with which every program has to cope.
 */
import type { Libc } from "./libc.ts";
import { FIRST_UNKNOWN, numberOn, type Processor, type SyscallName } from "./syscalls.ts";

/** Refused whatever their arguments. */
const REFUSED: readonly SyscallName[] = [
  // Programs and processes; other processes' memory and files.
  ...["execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv"] as const,
  ...["process_vm_writev", "process_madvise", "process_mrelease", "kcmp"] as const,
  ...["pidfd_open", "pidfd_getfd", "pidfd_send_signal"] as const,
  ...["tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "migrate_pages", "move_pages"] as const,
  ...["setpriority", "ioprio_set", "sched_setparam", "sched_setscheduler"] as const,
  ...["sched_setaffinity", "sched_setattr"] as const,
  // Namespaces, mounts, rights.
  ...["unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree"] as const,
  ...["statmount", "listmount"] as const,
  ...["move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"] as const,
  ...["setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid"] as const,
  ...["setgroups", "setfsuid", "setfsgid", "capset", "personality"] as const,
  // The kernel itself: what flaws in it were reached by, and the machine's state.
  ...["bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key"] as const,
  ...["io_uring_setup", "io_uring_enter", "io_uring_register", "modify_ldt"] as const,
  ...["init_module", "finit_module", "delete_module", "kexec_load"] as const,
  ...["kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl"] as const,
  ...["quotactl_fd", "iopl", "ioperm", "syslog", "settimeofday", "clock_settime"] as const,
  ...["adjtimex", "clock_adjtime", "sethostname", "setdomainname", "vhangup"] as const,
  // Files: opening past the check of `openat`, what Landlock does not know of reading, and every change.
  ...["getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"] as const,
  ...["inotify_init", "inotify_init1", "inotify_add_watch"] as const,
  ...["openat2", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "creat"] as const,
  ...["mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat"] as const,
  ...["renameat2", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat"] as const,
  ...["truncate", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown"] as const,
  ...["fchown", "fchownat", "setxattr", "lsetxattr", "fsetxattr", "removexattr"] as const,
  ...["lremovexattr", "fremovexattr", "utime", "utimes", "futimesat", "utimensat"] as const,
  ...["memfd_create", "memfd_secret"] as const,
  // Waiting for connections, and channels to other processes.
  ...["bind", "listen", "accept", "accept4", "socketpair"] as const,
  ...["shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl"] as const,
  ...["semget", "semop", "semtimedop", "semctl", "mq_open"] as const,
];

const WRITING = 0x1 | 0x2 | 0x40 | 0x200 | 0x400; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND
const CLONE_THREAD = 0x10000;
const NEW_NAMESPACES = 0x7e020000;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_TYPE_MASK = 0xf;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
/** That of the type, TCP, UDP. Landlock knows ports of TCP alone: not those of MPTCP, SCTP and SMC, which reach TCP's too. */
const PROTOCOLS = [0, 6, 17];
/** Connects in sending, of which Landlock is not asked. */
const MSG_FASTOPEN = 0x20000000;
/** Which argument has the flags. */
const SENDING = [["sendto", 3], ["sendmsg", 2], ["sendmmsg", 3]] as const;
/** Typing into the terminal that the user sits at. */
const TERMINAL_INPUT = [0x5412, 0x541c]; // TIOCSTI, TIOCLINUX

const EPERM = 1;
const ENOSYS = 38;
const ARCHITECTURES: Readonly<Record<Processor, number>> = {
  x86_64: 0xc000003e,
  aarch64: 0xc00000b7,
};
/** Numbers from here on are of the x32 interface, which would pass a filter by number. */
const X32_BIT = 0x40000000;

export interface FilterOptions {
  readonly processor: Processor;
  /** Of the process itself, which may signal nobody else. */
  readonly pid: number;
  /** Whether datagrams may be sent, as the look-up of names does. */
  readonly datagrams: boolean;
}

/** One instruction of classic BPF: `struct sock_filter`. */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

/** The filter, as `struct sock_filter` one after the other. */
export function seccompFilter({ processor, pid, datagrams }: FilterOptions): Instruction[] {
  const rule = (name: SyscallName, body: readonly Instruction[]): Instruction[] => {
    const number = numberOn(processor, name);
    return number === null ? [] : [load(0), jumpUnlessEqual(number, body.length), ...body];
  };
  const types = datagrams ? [SOCK_STREAM, SOCK_DGRAM] : [SOCK_STREAM];
  return [
    load(4),
    ...unlessAmong([ARCHITECTURES[processor]], [KILL]),
    load(0),
    ...when(GREATER_OR_EQUAL, X32_BIT, [refuse(EPERM)]),
    ...when(GREATER_OR_EQUAL, FIRST_UNKNOWN, [refuse(ENOSYS)]),
    ...REFUSED.flatMap((name) => {
      const number = numberOn(processor, name);
      return number === null ? [] : when(EQUAL, number, [refuse(EPERM)]);
    }),
    ...rule("clone3", [refuse(ENOSYS)]), // its flags lie in memory; libraries then call clone
    ...rule("clone", [
      argument(0),
      ...when(ANY_BIT, NEW_NAMESPACES, [refuse(EPERM)]),
      ...when(ANY_BIT, CLONE_THREAD, [ALLOW]),
      refuse(EPERM),
    ]),
    ...rule("open", [argument(1), ...when(ANY_BIT, WRITING, [refuse(EPERM)]), ALLOW]),
    ...rule("openat", [argument(2), ...when(ANY_BIT, WRITING, [refuse(EPERM)]), ALLOW]),
    ...rule("socket", [
      argument(1),
      and(SOCK_TYPE_MASK),
      ...unlessAmong(types, [refuse(EPERM)]),
      argument(0),
      ...unlessAmong([AF_INET, AF_INET6], [refuse(EPERM)]),
      argument(2),
      ...unlessAmong(PROTOCOLS, [refuse(EPERM)]),
      ALLOW,
    ]),
    ...SENDING.flatMap(([name, flags]) =>
      rule(name, [argument(flags), ...when(ANY_BIT, MSG_FASTOPEN, [refuse(EPERM)]), ALLOW])
    ),
    ...rule("ioctl", [
      argument(1),
      ...TERMINAL_INPUT.flatMap((request) => when(EQUAL, request, [refuse(EPERM)])),
      ALLOW,
    ]),
    ...["kill", "tgkill"].flatMap((name) =>
      rule(name as SyscallName, [argument(0), ...unlessAmong([pid], [refuse(EPERM)]), ALLOW])
    ),
    ...rule("prlimit64", [argument(0), ...unlessAmong([0], [refuse(EPERM)]), ALLOW]),
    ALLOW,
  ];
}

const EQUAL = 0x15;
const GREATER_OR_EQUAL = 0x35;
const ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW: Instruction = [RETURN, 0, 0, 0x7fff0000];
const KILL: Instruction = [RETURN, 0, 0, 0x80000000];

function refuse(errno: number): Instruction {
  return [RETURN, 0, 0, 0x00050000 | errno];
}

/** A word of `struct seccomp_data`: 0 the number of the call, 4 the architecture. */
function load(offset: number): Instruction {
  return [0x20, 0, 0, offset];
}

/** The lower half of an argument, which is all there is of an `int`. */
function argument(index: number): Instruction {
  return load(16 + 8 * index);
}

function and(mask: number): Instruction {
  return [0x54, 0, 0, mask];
}

function jumpUnlessEqual(value: number, skip: number): Instruction {
  return [EQUAL, 0, skip, value];
}

/** `then` where the loaded word compares to `value`; it ends in a return. */
function when(comparison: number, value: number, then: readonly Instruction[]): Instruction[] {
  return [[comparison, 0, then.length, value], ...then];
}

/** `body` where the loaded word is none of `values`; it ends in a return. */
function unlessAmong(values: readonly number[], body: readonly Instruction[]): Instruction[] {
  const last = values.length - 1;
  return [
    ...values.map((value, index): Instruction => [EQUAL, last - index + body.length, 0, value]),
    ...body,
  ];
}

const SET_MODE_FILTER = 1;
/** On all threads at once: those that started before would go on without. */
const TSYNC = 1;

/** Needs `no_new_privs`. Answers whether every thread has it. */
export function installFilter(libc: Libc, filter: readonly Instruction[]): boolean {
  const program = new DataView(new ArrayBuffer(filter.length * 8));
  filter.forEach(([code, jt, jf, k], index) => {
    program.setUint16(index * 8, code, true);
    program.setUint8(index * 8 + 2, jt);
    program.setUint8(index * 8 + 3, jf);
    program.setUint32(index * 8 + 4, k, true);
  });
  const header = new DataView(new ArrayBuffer(16)); // struct sock_fprog
  header.setUint16(0, filter.length, true);
  header.setBigUint64(8, libc.addressOf(program), true);
  return libc.call("seccomp", SET_MODE_FILTER, TSYNC, header) === 0;
}
