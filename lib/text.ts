/** Texts from outside: whether all of one is visible, how it is shown, and where it may be cut. */

/** Part of a text without being visible by itself. U+FFFD replaces bytes that could not be read. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/u;

/** Scripts in which a joiner between two letters changes what is seen: Persian, the languages of India, … */
const JOINING = [
  "Arab",
  "Beng",
  "Deva",
  "Gujr",
  "Guru",
  "Knda",
  "Mlym",
  "Orya",
  "Sinh",
  "Syrc",
  "Taml",
  "Telu",
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("");

/** Hidden characters in their proper place, where the characters around them show what they do. */
const JOINED = new RegExp(
  [
    // Families and professions, with or without their variation selectors.
    String.raw`(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})`,
    String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
    String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
    String.raw`\p{RGI_Emoji_Tag_Sequence}`,
    String.raw`(?<=[[${JOINING}]&&[\p{L}\p{M}]])[\u200C\u200D](?=[[${JOINING}]&&[\p{L}\p{M}]])`,
    // Variants of one Chinese character, as names have them.
    String.raw`(?<=\p{Script=Han})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
  ].join("|"),
  "gv",
);

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether what a person sees is the whole text: one line, nothing hidden in it, and not blank. */
export const isPrintable = (text: string): boolean =>
  VISIBLE.test(text) && (!HIDDEN.test(text) || !HIDDEN.test(text.replace(JOINED, "")));

const EACH_HIDDEN = new RegExp(`${JOINED.source}|(${HIDDEN.source})`, "gv");

/** Any text as one line a person can trust: breaks become spaces, invisible characters are marked. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(EACH_HIDDEN, (found, hidden: string | undefined) => (hidden === undefined ? found : "\uFFFD"));

/** The start of the grapheme that a place lies in; of its code point where the grapheme alone is too long. */
const boundaryBefore = (text: string, place: number): number => {
  // Made here and not above: the first takes Node 20 ms, and few texts are cut.
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  const start = graphemes.segment(text.slice(0, place + 2)).containing(place)?.index ?? 0;
  if (start > 0) return start;
  return /[\uDC00-\uDFFF]/.test(text.charAt(place)) ? place - 1 : place;
};

/** The text, or its beginning and an ellipsis: at most `limit` UTF-16 units, and no character is cut in two. */
export const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, boundaryBefore(text, limit - 1))}…`;

/** Alternatives as a sentence has them: `a, b or c`. Intl's way takes 7 ms of every start. */
export const listed = (alternatives: ReadonlyArray<string>): string =>
  [alternatives.slice(0, -1).join(", "), ...alternatives.slice(-1)]
    .filter((part) => part !== "")
    .join(" or ");
