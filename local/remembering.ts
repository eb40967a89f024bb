/** Enough for what programs say again and again; what never comes again is forgotten with the rest. */
const MOST = 1_000;

/** Works out once what is asked for under the same key. */
export const remembering = <A extends object>(): ((key: string, make: () => A) => A) => {
  const known = new Map<string, A>();
  return (key, make) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    if (known.size >= MOST) known.clear();
    known.set(key, made);
    return made;
  };
};
