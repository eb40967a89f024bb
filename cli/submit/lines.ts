/** A file's lines, one at a time: memory holds a line and what was read of the file last, whatever its size. */
import * as E from "fp-ts/Either";

export type Line = {
  readonly number: number;
  /** Without its break; left: why it is no text. */
  readonly text: E.Either<string, string>;
  /** How much of the file ends with it, in bytes. */
  readonly end: number;
  /** Whether it has a break: the last line of a file that was being written may be cut off. */
  readonly isWhole: boolean;
};

const LF = 0x0a;
const LONGEST = 65_536;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const textOf = (bytes: Uint8Array, number: number): E.Either<string, string> => {
  if (bytes.length > LONGEST) return E.left(`the line has more than ${LONGEST / 1_024} KiB`);
  try {
    const text = utf8.decode(bytes);
    return E.right((number === 1 ? text.replace(/^\uFEFF/, "") : text).replace(/\r$/, ""));
  } catch {
    return E.left("the line is not UTF-8: save the file in that encoding");
  }
};

export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let end = 0;
  let begun = new Uint8Array();
  const line = (rest: Uint8Array, isWhole: boolean): Line => {
    const bytes = Buffer.concat([begun, rest]);
    begun = new Uint8Array();
    number += 1;
    end += rest.length + (isWhole ? 1 : 0);
    return { number, text: textOf(bytes, number), end, isWhole };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      yield line(chunk.subarray(from, at), true);
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    end += rest.length;
    // Of a line that is too long no more is kept than shows that it is.
    if (begun.length <= LONGEST) begun = Buffer.concat([begun, rest.subarray(0, LONGEST + 1)]);
  }
  if (begun.length > 0) yield line(new Uint8Array(), false);
}
