/** `1 request`, `12 requests`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export const NO_APP_YET =
  "there is no app yet: keysmith learn APP URL, or keysmith capture import APP FILE";
