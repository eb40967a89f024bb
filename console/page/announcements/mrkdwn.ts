/** Slack's own markup, as far as the platform writes it: bold and code, and three characters escaped. */

export type Span = { readonly kind: "text" | "bold" | "code"; readonly text: string };

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const MARKED = /(`[^`]+`|\*[^*]+\*)/;

const spanOf = (part: string): Span => {
  const inner = unescape(part.slice(1, -1));
  if (/^`[^`]+`$/.test(part)) return { kind: "code", text: inner };
  return /^\*[^*]+\*$/.test(part) ? { kind: "bold", text: inner } : { kind: "text", text: unescape(part) };
};

export const linesOf = (block: string): ReadonlyArray<ReadonlyArray<Span>> =>
  block.split("\n").map((line) =>
    line
      .split(MARKED)
      .filter((part) => part !== "")
      .map(spanOf),
  );
