/** True for URLs and paths. Base64 may begin with a slash too. */
export function isPlace(text: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|\/(?![^?]*[+=]$)|\?)/i.test(text);
}
