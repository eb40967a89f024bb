/** Import this before dynalite, which opens the database that `level` exports at that time. */
import { createRequire } from "node:module";
import type { Tally, Note } from "./tally";
import { TableLevel } from "./table-level";

const handedOver = new Map<string, { readonly tally: Tally; readonly note: Note }>();

/** Says what the tables in a folder hold, before dynalite opens them. */
export const handOver = (folder: string, tally: Tally, note: Note): void => {
  handedOver.set(folder, { tally, note });
};

class Level extends TableLevel {
  constructor(folder: string) {
    const known = handedOver.get(folder);
    if (known === undefined) throw new Error(`${folder}: was not checked before it is opened`);
    super(folder, known.tally, known.note);
  }
}

Object.assign(createRequire(createRequire(__filename).resolve("dynalite"))("level"), { Level });
