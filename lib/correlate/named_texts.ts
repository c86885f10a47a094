import type { Message } from "./recording.ts";

/** Values of an answer with the names they stand under: JSON keys, cookies, fields, headers. */
export function namedTexts(message: Message): (readonly [value: string, name: string])[] {
  const named: (readonly [string, string])[] = message.setCookies.map((cookie) =>
    [cookie.value, cookie.name] as const
  );
  for (const [name, value] of message.trace.response?.headers ?? []) {
    if (/^x-|authenticate/i.test(name)) named.push([value, name]);
  }
  const page = message.page;
  for (const form of page?.forms ?? []) {
    for (const input of form.inputs) named.push([input.value, input.name]);
  }
  for (const [name, content] of page?.metas ?? []) named.push([content, name]);
  for (const { attributes } of page?.elements ?? []) {
    for (const [name, value] of Object.entries(attributes)) named.push([value, name]);
  }
  for (
    const match of message.responseText.matchAll(
      /["']?(\w{2,40})["']?\s*[:=]\s*["']([^"'\s]{4,200})["']/g,
    )
  ) {
    named.push([match[2]!, match[1]!]);
  }
  for (const match of message.responseText.matchAll(/"(\w{2,40})"\s*:\s*(\d{4,})/g)) {
    named.push([match[2]!, match[1]!]);
  }
  return named;
}
