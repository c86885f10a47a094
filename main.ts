/**
 * The program: the command line, or in a hidden mode a child of it: a script's sandbox, a certificate's probe, the
 * reading of a large document, the end of the process that started it.
 */
Deno.exit(await run(Deno.args));

async function run(args: readonly string[]): Promise<number> {
  if (args[0] === "--keysmith-guest") {
    const { runChild } = await import("./lib/sandbox/child.ts");
    await runChild(args.slice(1));
    return 0;
  }
  if (args[0] === "--keysmith-end") {
    const { endParent } = await import("./lib/sandbox/walls/end_parent.ts");
    return endParent();
  }
  // Baked into the executable for the sandbox process, which closes itself by calling the C library.
  if (Deno.build.standalone) Deno.permissions.revokeSync({ name: "ffi" });
  if (args[0] === "--keysmith-probe" || args[0] === "--keysmith-compile") {
    Deno.permissions.revokeSync({ name: "run" });
  }
  if (args[0] === "--keysmith-probe") {
    const { probeCertificate } = await import("./lib/resolve/certificate_probe.ts");
    await probeCertificate();
    return 0;
  }
  if (args[0] === "--keysmith-compile") {
    const { compileFromStdin } = await import("./lib/ops/compile_apart.ts");
    await compileFromStdin();
    return 0;
  }
  if (args.length === 1 && args[0] === "--version") {
    const { versionText } = await import("./lib/cli/version.ts");
    console.log(versionText());
    return 0;
  }
  const { runCli } = await import("./lib/cli/run.ts");
  return await runCli(args);
}
