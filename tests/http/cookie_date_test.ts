import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseCookieDate } from "../../lib/http/cookie_date.ts";

Deno.test("parseCookieDate() reads the forms that servers write", () => {
  const expected = Date.UTC(2031, 4, 9, 7, 8, 9);
  for (
    const text of [
      "Fri, 09 May 2031 07:08:09 GMT",
      "Friday, 09-May-31 07:08:09 GMT",
      "Fri May  9 07:08:09 2031",
      "9 may 2031 7:8:9",
      "07:08:09 2031 9 May",
    ]
  ) assert.equal(parseCookieDate(text), expected, text);
  assert.equal(parseCookieDate("Thu, 01-Jan-70 00:00:00 GMT"), 0);
});

Deno.test("parseCookieDate() refuses what is not a date", () => {
  for (
    const text of [
      "",
      "0",
      "never",
      "2031-05-09T07:08:09Z",
      "Fri, 31 Feb 2031 07:08:09 GMT",
      "Fri, 09 May 1600 07:08:09 GMT",
      "Fri, 09 May 2031 24:08:09 GMT",
      "Fri, 09 May 2031 07:08 GMT",
    ]
  ) assert.equal(parseCookieDate(text), undefined, text);
});

Deno.test("parseCookieDate() reads what Date writes", () => {
  const date = fc.date({
    min: new Date("1601-01-01"),
    max: new Date("9999-12-31"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(date, (value) => {
    const text = value.toUTCString();
    assert.equal(parseCookieDate(text), Date.parse(text));
  }));
});
