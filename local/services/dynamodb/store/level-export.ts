/** What dynalite gets where it asks for `level`, as cli/build/platform.mts says. */
import type { Tally, Note } from "./tally";
import { TableLevel } from "./table-level";

const handedOver = new Map<string, { readonly tally: Tally; readonly note: Note }>();

/** Says what the tables in a folder hold, before dynalite opens them. */
export const handOver = (folder: string, tally: Tally, note: Note): void => {
  handedOver.set(folder, { tally, note });
};

export class Level extends TableLevel {
  constructor(folder: string) {
    const known = handedOver.get(folder);
    if (known === undefined) throw new Error(`${folder}: was not checked before it is opened`);
    super(folder, known.tally, known.note);
  }
}
