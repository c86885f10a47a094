/** Where a path that a working folder's configuration names really leads, links followed. */
import { isInside } from "../base/paths.ts";
import type { Home } from "./home.ts";

export interface RealPlace {
  /** Absolute, without links. */
  readonly path: string;
  /** `home`: in the Keysmith home, wherever that is; `outside`: out of the folder. */
  readonly where: "inside" | "outside" | "home";
}

/** @throws {Deno.errors.NotFound} and the like of the path itself. */
export async function realPlace(home: Home, path: string, folder: string): Promise<RealPlace> {
  const real = await Deno.realPath(path);
  const realHome = await Deno.realPath(home.root).catch(() => home.root);
  if (isInside(real, realHome)) return { path: real, where: "home" };
  const isOwn = isInside(real, await Deno.realPath(folder));
  return { path: real, where: isOwn ? "inside" : "outside" };
}
