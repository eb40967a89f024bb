import * as E from "fp-ts/Either";
import * as fc from "fast-check";
import { type Line, linesOf } from "../../../cli/submit/lines";
import { collected } from "../../support/collected";

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const read = (content: string | Buffer, size = 64): Promise<ReadonlyArray<Line>> =>
  collected(linesOf(chunksOf(Buffer.from(content), size)));

const texts = (lines: ReadonlyArray<Line>) =>
  lines.map(({ text }) => (E.isRight(text) ? text.right : text.left));

describe("lines", () => {
  it("are what stands between breaks, however the file comes", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n\uFEFF]/g, " "))),
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 40 }),
        async (wanted, lineBreak, size) => {
          const lines = await read(wanted.map((text) => `${text}${lineBreak}`).join(""), size);
          expect(texts(lines)).toEqual(wanted);
          expect(lines.map(({ number }) => number)).toEqual(wanted.map((_, index) => index + 1));
        },
      ),
    ));

  it("say how much of the file ends with them", async () => {
    const content = "ä\r\nb\n\nlast";
    const lines = await read(content, 1);
    expect(lines.map(({ end }) => Buffer.from(content).subarray(0, end).toString())).toEqual([
      "ä\r\n",
      "ä\r\nb\n",
      "ä\r\nb\n\n",
      content,
    ]);
    expect(lines.map(({ isWhole }) => isWhole)).toEqual([true, true, true, false]);
  });

  it("lose a mark of UTF-8 where it begins the file, and nowhere else", async () => {
    expect(texts(await read("\uFEFFa\n\uFEFFb\n"))).toEqual(["a", "\uFEFFb"]);
  });

  it("that are no text are told, and the others read", async () => {
    const content = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xe9, 0x0a]), Buffer.from("b\n")]);
    expect(texts(await read(content))).toEqual(["a", expect.stringContaining("not UTF-8"), "b"]);
  });

  it("that are too long are told, and not kept", async () => {
    const long = "x".repeat(300_000);
    expect(texts(await read(`a\n${long}\nb\n${long}`, 50_000))).toEqual([
      "a",
      "the line has more than 64 KiB",
      "b",
      "the line has more than 64 KiB",
    ]);
  });
});
