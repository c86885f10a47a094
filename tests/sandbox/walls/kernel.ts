/** What this machine's kernel can do, asked for without the code under test. */
export interface KernelWalls {
  /** Version of Landlock's interface; 0: none. */
  readonly landlock: number;
  readonly seccomp: boolean;
}

/** `landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION)`, which is 444 on every processor. */
export function kernelWalls(): KernelWalls {
  if (Deno.build.os !== "linux") return { landlock: 0, seccomp: false };
  const library = Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  });
  const landlock = Number(library.symbols.syscall(444n, 0n, 0n, 1n));
  library.close();
  const status = Deno.readTextFileSync("/proc/self/status");
  return { landlock: Math.max(0, landlock), seccomp: /^Seccomp:/m.test(status) };
}
