/** Where Chrome, Chromium, Edge and Brave are installed. Firefox and Safari have no DevTools protocol. */
import { statSync } from "node:fs";
import { AppError } from "../base/error.ts";
import type { Environment } from "../base/context.ts";

type Platform = "linux" | "darwin" | "windows";

/** Names on the PATH; installers of Linux put them there. */
const LINUX_PROGRAMS = [
  "google-chrome",
  "google-chrome-stable",
  "chromium",
  "chromium-browser",
  "microsoft-edge",
  "microsoft-edge-stable",
  "brave-browser",
  "brave",
];

/** Places that are on no PATH: Google's packages, Snap, Flatpak. */
const LINUX_PLACES = [
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/opt/microsoft/msedge/msedge",
  "/opt/brave.com/brave/brave",
  "/snap/bin/brave",
  "/var/lib/flatpak/exports/bin/com.google.Chrome",
  "/var/lib/flatpak/exports/bin/org.chromium.Chromium",
];

const MAC_PLACES = ["Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser"].map((name) =>
  `/Applications/${name}.app/Contents/MacOS/${name}`
);

const WINDOWS_PLACES = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Chromium\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
  "BraveSoftware\\Brave-Browser\\Application\\brave.exe",
];

/** Paths to try, the likeliest first. */
export function browserPlaces(os: string, env: Environment): string[] {
  switch (platformOf(os)) {
    case "darwin": {
      const home = env.get("HOME");
      return [...MAC_PLACES, ...home === undefined ? [] : MAC_PLACES.map((path) => home + path)];
    }
    case "windows":
      return ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => {
        const folder = env.get(name);
        return folder === undefined ? [] : WINDOWS_PLACES.map((place) => `${folder}\\${place}`);
      });
    case "linux": {
      const folders = (env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"));
      const onPath = LINUX_PROGRAMS.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
      return [...onPath, ...LINUX_PLACES];
    }
  }
}

/**
 * The browser to start: the one that was named, else the first that is installed.
 *
 * @throws {AppError} `NOT_FOUND` when there is none; `details` has the places that were looked at.
 */
export function findBrowser(
  env: Environment,
  named: string | undefined,
  os: string = Deno.build.os,
): string {
  if (named !== undefined) {
    if (isProgram(named)) return named;
    throw new AppError("NOT_FOUND", `There is no browser at "${named}"`, {
      hint: "Give the path of the program of Chrome, Chromium, Edge or Brave",
      details: { file: named },
    });
  }
  const places = browserPlaces(os, env);
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  throw new AppError("NOT_FOUND", "No Chrome, Chromium, Edge or Brave was found", {
    hint: "Install one of them, or give its program: --browser PATH",
    details: { places },
  });
}

function platformOf(os: string): Platform {
  return os === "darwin" || os === "windows" ? os : "linux";
}

/** False also where a folder on the way may not be read. */
function isProgram(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
