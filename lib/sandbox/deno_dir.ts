/** Where `deno run` keeps its cache, by the rules of `deno info`. */
export function denoDir(): string {
  const set = Deno.env.get("DENO_DIR");
  if (set !== undefined) return set;
  const home = Deno.env.get("HOME") ?? "";
  switch (Deno.build.os) {
    case "windows":
      return `${Deno.env.get("LOCALAPPDATA") ?? ""}\\deno`;
    case "darwin":
      return `${home}/Library/Caches/deno`;
    default:
      return `${Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`}/deno`;
  }
}
