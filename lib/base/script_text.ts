/**
 * Text that an auth script shows to the user. Each line is framed with the app's name, `[shop] Password`,
 * so that it cannot pass for a question of the tool itself.
 */

/** Each line of an escaped text framed. */
export function frameScriptText(app: string, escaped: string): string {
  return escaped.split("\n").map((line) => `[${app}] ${line}`).join("\n");
}

/** The frame of a line, or nothing where a line has none. */
export function frameOf(line: string): string {
  return /^\[[a-z0-9-]+(?::[a-z0-9._-]+)?(?:@[a-z0-9._-]+)?\] /.exec(line)?.[0] ?? "";
}

/** The label of a prompt without its frame, as the script wrote it. */
export function unframedLabel(label: string): string {
  return label.slice(frameOf(label).length);
}
