import leven from "leven";

/** The word that was probably meant: the nearest, unless even that is another word altogether. */
export const nearest = (word: string, words: ReadonlyArray<string>): string | undefined => {
  const most = Math.max(2, Math.floor(word.length / 4));
  const [first] = words
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return first?.candidate;
};
