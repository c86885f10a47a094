/**
 * The date of a cookie's `Expires` as user agents read it (RFC 6265 section 5.1.1): tokens in any order,
 * between any delimiters, the first of each kind counts.
 */
const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/;
const DAY = /^(\d{1,2})(?!\d)/;
const MONTH = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const YEAR = /^(\d{2,4})(?!\d)/;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Milliseconds since the Unix epoch; `undefined` for what is not a date. */
export function parseCookieDate(text: string): number | undefined {
  let time: RegExpExecArray | null = null;
  let day: number | undefined, month: number | undefined, year: number | undefined;
  for (const token of text.split(DELIMITERS)) {
    const isTime: RegExpExecArray | null = time === null ? TIME.exec(token) : null;
    if (isTime !== null) time = isTime;
    else if (day === undefined && DAY.test(token)) day = Number(DAY.exec(token)![1]);
    else if (month === undefined && MONTH.test(token)) {
      month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    } else if (year === undefined && YEAR.test(token)) year = fullYear(YEAR.exec(token)![1]!);
  }
  if (time === null || day === undefined || month === undefined || year === undefined) {
    return undefined;
  }
  const [hour, minute, second] = time.slice(1).map(Number) as [number, number, number];
  if (year < 1601 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month, day, hour, minute, second);
  return new Date(ms).getUTCDate() === day ? ms : undefined;
}

/** Two digits mean 1970 to 2069. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
