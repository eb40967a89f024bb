import fc from "fast-check";
import { cut, isPrintable, listed, oneLine } from "../../lib/text";
import { unicodeText } from "../support/arbitrary";

const HIDDEN: ReadonlyArray<readonly [what: string, text: string]> = [
  ["a right-to-left override", "a\u202Eb"],
  ["an isolate", "a\u2066b\u2069"],
  ["a line separator", "a\u2028b"],
  ["a paragraph separator", "a\u2029b"],
  ["a control character", "a\u0007b"],
  ["a line feed", "a\nb"],
  ["a zero-width space", "a\u200Bb"],
  ["a byte order mark", "\uFEFFa"],
  ["a soft hyphen", "a\u00ADb"],
  ["a joiner between Latin letters", "a\u200Db"],
  ["a joiner at the end", "\u0646\u200C"],
  ["a variation selector on a letter", "a\uFE0F"],
  ["a tag character", "a\u{E0061}"],
  ["a Hangul filler", "\u3164"],
  ["a private character", "a\uE000"],
  ["a noncharacter", "a\uFFFF"],
  ["an unassigned character", "a\u0378"],
  ["half a character", "a\uD83D"],
  ["a replacement character", "Caf\uFFFD"],
];

const SEEN: ReadonlyArray<readonly [what: string, text: string]> = [
  ["a word", "Product1"],
  ["words between spaces", " base load "],
  ["an accent of its own", "Cafe\u0301"],
  ["Arabic", "\u0645\u0631\u062D\u0628\u0627"],
  ["Persian with a non-joiner", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"],
  ["Devanagari with a joiner", "\u0915\u094D\u200D\u0937"],
  ["a family", "👨‍👩‍👧‍👦"],
  ["a profession with a skin colour", "👩🏽‍🚒"],
  ["a heart as a picture", "❤️"],
  ["a keycap", "1️⃣"],
  ["a flag of letters", "🇪🇸"],
  ["a flag of tags", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
  ["a variant of a Chinese character", "葛\u{E0100}"],
  ["punctuation alone", "—"],
];

describe("a printable text", () => {
  it.each(HIDDEN)("has not %s in it", (_, text) => expect(isPrintable(text)).toBe(false));
  it.each(SEEN)("may be %s", (_, text) => expect(isPrintable(text)).toBe(true));
  it.each(["", " ", "\u00A0\u2003", "\u2800", "\u0301"])("is not blank: %j", (text) =>
    expect(isPrintable(text)).toBe(false),
  );
});

describe("a text shown in one line", () => {
  it.each(SEEN)("is left alone where it is %s", (_, text) => expect(oneLine(text)).toBe(text));
  it("has spaces for breaks, and marks for what is hidden", () =>
    expect(oneLine("paid\u2028[prod] all\r\nwell\u202E!")).toBe("paid [prod] all well\uFFFD!"));
  it("has nothing hidden, whatever it was", () => {
    fc.assert(
      fc.property(unicodeText, (text) => {
        expect(oneLine(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\u200B]/u,
        );
      }),
    );
  });
});

describe("a text that is cut", () => {
  it.each([
    ["an emoji", "🙂"],
    ["a family", "👨‍👩‍👧‍👦"],
    ["a letter with its accent", "e\u0301"],
    ["a flag", "🇪🇸"],
  ])("ends before %s that does not fit whole", (_, character) => {
    for (let limit = 6; limit < 6 + character.length; limit += 1)
      expect(cut(`12345${character}67890`, limit)).toBe("12345…");
    expect(cut(`12345${character}67890`, 6 + character.length)).toBe(`12345${character}…`);
  });
  it("keeps to its limit, is well-formed, and is the text's own beginning", () => {
    const texts = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const short = cut(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
        expect(short === text || text.startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
  it("is cut within one endless character between its code points", () => {
    const short = cut(`${"e\u0301\u{1D165}".repeat(1)}${"\u{1D165}".repeat(50)}`, 20);
    expect(short.isWellFormed()).toBe(true);
    expect(short.length).toBeGreaterThan(17);
  });
});

it.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a or b"],
  [["a", "b, c", "d"], "a, b, c or d"],
])("alternatives are listed as in a sentence: %j", (alternatives, text) => {
  expect(listed(alternatives)).toBe(text);
});
