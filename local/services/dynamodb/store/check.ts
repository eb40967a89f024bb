/** What is wrong with a table database, by what was noted beside it. */
import * as O from "fp-ts/Option";
import { type Tally, EMPTY, NOTHING, tableOf } from "./tally";
import type { Scan } from "./scan";

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** One line for each table whose items differ from the tally, the later of those in and beside the database. */
export const tableFaults = (tally: Tally, found: Scan): ReadonlyArray<string> =>
  [...new Set([...Object.keys(tally.tables), ...found.tables.keys()])].sort().flatMap((name) => {
    const wanted = tally.tables[name] ?? NOTHING;
    const there = found.tables.get(name) ?? NOTHING;
    const bad = found.unreadable.filter((key) => tableOf(key) === name).length;
    if (wanted.items > 0 && !found.definitions.has(name)) return [`the definition of table ${name} is lost`];
    if (bad > 0) return [`table ${name}: ${bad} of ${many(wanted.items, "item")} cannot be read`];
    if (there.items < wanted.items)
      return [`table ${name}: ${wanted.items - there.items} of ${many(wanted.items, "item")} are missing`];
    if (there.items > wanted.items)
      return [`table ${name}: ${many(there.items - wanted.items, "deleted item")} came back`];
    return there.sum === wanted.sum ? [] : [`table ${name}: items are not as they were written last`];
  });

/** What is damaged; nothing for a whole database, an empty one and one of a release that kept no tally. */
export const damage = (found: Scan, note: O.Option<Tally>): ReadonlyArray<string> => {
  const noted = O.getOrElse(() => EMPTY)(note);
  if (found.tally === undefined && noted.written === 0)
    return found.unreadable.length === 0
      ? []
      : [`${many(found.unreadable.length, "entry").replace("entrys", "entries")} cannot be read`];
  const kept = found.tally ?? EMPTY;
  const lost = noted.written - kept.written;
  // A write that was never answered may be in the database alone, never in the note alone.
  const faults = tableFaults(lost > 0 ? noted : kept, found);
  return [
    ...(lost > 0 ? [`the last ${many(lost, "write")} are lost`] : []),
    ...(O.isNone(note) ? ["the note of what was written is lost"] : []),
    ...faults,
    ...(faults.length === 0 && found.unreadable.some((key) => !key.startsWith("index-"))
      ? ["entries cannot be read"]
      : []),
  ];
};
