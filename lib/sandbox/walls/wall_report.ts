/** Which walls of the operating system stand around a process, each tried by that process itself. */
export interface WallReport {
  /** No program that it could start would have more rights than it has. */
  readonly no_new_privileges: boolean;
  /** Landlock: files are not opened. */
  readonly files: boolean;
  /** Landlock: TCP connections to ports that were not approved are refused. */
  readonly ports: boolean;
  /** seccomp: programs, other processes, changes to files, other sockets are refused on all threads. */
  readonly system_calls: boolean;
  /** macOS: the process was started under a profile of `sandbox-exec`, and a file of the system was refused. */
  readonly profile: boolean;
}

export const NO_WALLS: WallReport = {
  no_new_privileges: false,
  files: false,
  ports: false,
  system_calls: false,
  profile: false,
};
