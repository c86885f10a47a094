/**
 * Long lines of an auth script. A terminal breaks them wherever its width ends, and what comes next would
 * stand at the beginning of a row without the frame that says whose text it is.
 */
import { frameOf } from "../base/script_text.ts";
import { textWidth } from "./table.ts";

/** A terminal so narrow that frames leave no room is not helped by them. */
const MIN_TEXT_COLUMNS = 20;

/** A framed line as rows of at most `columns`, each framed; any other line as it is. */
export function framedRows(line: string, columns: number): string[] {
  const frame = frameOf(line);
  if (frame === "") return [line];
  const room = Math.max(columns - frame.length, MIN_TEXT_COLUMNS);
  return pieces(line.slice(frame.length), room).map((piece) => frame + piece);
}

function pieces(text: string, columns: number): string[] {
  const found: string[] = [];
  let piece = "";
  let width = 0;
  for (const character of text) {
    const taken = textWidth(character);
    if (width + taken > columns) {
      found.push(piece);
      piece = "";
      width = 0;
    }
    piece += character;
    width += taken;
  }
  return [...found, piece];
}
