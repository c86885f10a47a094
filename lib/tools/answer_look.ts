/** An answer as it is compared with others: see `token/answer_marks.ts`. */
import { type AnswerMarks, marksOf } from "../token/answer_marks.ts";
import type { ToolResponse } from "./response.ts";
import { sessionEnd } from "./session_end.ts";

export function marksOfResponse(response: ToolResponse): AnswerMarks {
  const { status, content, redirects, url } = response;
  return marksOf({
    status,
    content,
    isLogin: sessionEnd({ answer: null }, response) !== null,
    place: redirects === 0 ? null : placeOf(url),
  });
}

function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
