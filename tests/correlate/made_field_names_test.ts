/** Names of form fields that a component tree numbers, as Jakarta Faces does. */
import { has, linesOf } from "../support/flow_lines.ts";
import { trace } from "../support/traces.ts";

const SITE = "https://weir.example";

Deno.test("fields of numbered components are named as the page of the login names them", () => {
  const cookie = "JSESSIONID=f81Ld9aQ0zX7Kp2mWq9xLd4v";
  const state = "7Kp2mWq9xLd4vTzQx9Wv4Zr8";
  const lines = linesOf(
    trace(`GET ${SITE}/login.xhtml`, {
      setCookies: [`${cookie}; Path=/`],
      html: `<form id="j_idt7" method="post" action="/login.xhtml">
        <input type="hidden" name="jakarta.faces.ViewState" value="${state}">
        <input type="text" name="j_idt7:j_idt9"><input type="password" name="j_idt7:j_idt12"></form>`,
    }),
    trace(`POST ${SITE}/login.xhtml`, {
      cookie,
      form: {
        "jakarta.faces.ViewState": state,
        "j_idt7:j_idt9": "oda.reef",
        "j_idt7:j_idt12": "Moss&Fern7",
      },
      location: "/desk.xhtml",
    }),
    trace(`GET ${SITE}/desk.xhtml`, { cookie, html: "<p>Welcome" }),
    trace(`GET ${SITE}/api/boats`, { cookie, answer: { boats: [1] } }),
  );
  has(lines, "s1 gives field_name <- field-at", "s1 gives field_name_2 <- field-at");
});
