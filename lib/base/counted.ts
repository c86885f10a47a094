/** `1 capture`, `3 captures`: a number with what is counted. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
