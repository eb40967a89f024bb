import { ClassicLevel } from "classic-level";
import type { Item } from "dynalite/db/index.js";
import * as t from "io-ts";
import { TALLY, type Tally, checksum, minus, NOTHING, type Note, plus, tableOf } from "./tally";
import { checkedJson } from "./checked-json";

export type Write =
  | { readonly type: "put"; readonly key: string; readonly value: unknown }
  | { readonly type: "del"; readonly key: string };

/** The item that was replaced, the changes in the indexes, and what a stream records of it. */
type Announced = {
  readonly before: Item | undefined | null;
  readonly indexes: ReadonlyArray<Write>;
  readonly record?: ToRecord | undefined;
};

/** What is written of a change that is the so-manieth of all. */
type ToRecord = (written: number) => Write;

type Commit = {
  readonly writes: ReadonlyArray<Write>;
  readonly record?: ToRecord | undefined;
  readonly entered: (tally: Tally) => Tally;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** The tally after an item's write. */
const enter =
  (write: Write, before: Item | undefined | null) =>
  (tally: Tally): Tally => {
    const name = tableOf(write.key);
    if (name === undefined) return tally;
    const then = tally.tables[name] ?? NOTHING;
    const without = before ? minus(then, checksum(write.key, JSON.stringify(before))) : then;
    const now =
      write.type === "put" ? plus(without, checksum(write.key, JSON.stringify(write.value))) : without;
    return { ...tally, tables: { ...tally.tables, [name]: now } };
  };

/** Level's are ended by `close` alone; one that is left open keeps every file of its time, and memory, for good. */
const endedByReturn = <A extends { readonly close: () => Promise<void> }>(iterator: A): A =>
  Object.assign(iterator, { return: () => iterator.close() });

/**
 * The database under dynalite. An item and its index entries, which dynalite writes apart, are written at once,
 * with the tally: a process that is killed leaves all of it or nothing.
 */
export class TableLevel extends ClassicLevel<string, unknown> {
  /** How often a table was made, changed or deleted. */
  definitionsChanged = 0;
  readonly #announced = new Map<string, Announced>();
  readonly #note: Note;
  #tally: Tally;
  #waiting: Commit[] = [];
  #committing = false;
  /** After a write that failed, a later one may stand behind a torn record, where it would not be found again. */
  #failed: { readonly error: unknown } | undefined;

  constructor(path: string, tally: Tally, note: Note) {
    super(path, { valueEncoding: checkedJson });
    this.#tally = tally;
    this.#note = note;
    // The method's type has chained batches too, which dynalite makes nowhere; and it ends what it reads by `return`.
    Object.assign(this, {
      batch: (writes: ReadonlyArray<Write>) => this.#batch(writes),
      keys: (range: object) => endedByReturn(super.keys(range)),
      values: (range: object) => endedByReturn(super.values(range)),
    });
  }

  /** Holds back an item's index entries until the item itself is written. */
  announce(key: string, announced: Announced): void {
    this.#announced.set(key, announced);
  }

  /** At once: waiting for a thread that reads for this one costs more than the reading. */
  override async get(key: string): Promise<unknown> {
    if (this.status === "opening") await this.open();
    return this.getSync(key);
  }

  override put(key: string, value: unknown): Promise<void> {
    return this.#item({ type: "put", key, value });
  }

  override del(key: string): Promise<void> {
    return this.#item({ type: "del", key });
  }

  /** The entries of a range, the first ones. Not by the methods that dynalite puts into the place of Level's. */
  async first(range: { readonly gt: string; readonly lt: string }, limit: number) {
    return super.iterator({ ...range, limit }).all();
  }

  /** The key of a range's last entry. */
  async lastKey(range: { readonly gt: string; readonly lt: string }): Promise<string | undefined> {
    return (await super.keys({ ...range, limit: 1, reverse: true }).all())[0];
  }

  /** Removes entries that are no items. */
  async forget(range: { readonly gt: string; readonly lte: string }): Promise<void> {
    await super.clear(range);
  }

  /** dynalite writes batches where it deletes a table, or makes an index. */
  async #batch(writes: ReadonlyArray<Write>): Promise<void> {
    const items = writes.map(({ key }) => key).filter((key) => tableOf(key) !== undefined);
    const found = new Map((await this.getMany(items)).map((value, at) => [items[at], value]));
    await this.#commit(writes, (tally) =>
      writes.reduce((sum, write) => {
        const before = found.get(write.key);
        return enter(write, t.UnknownRecord.is(before) ? before : undefined)(sum);
      }, tally),
    );
  }

  #item(write: Write): Promise<void> {
    const announced = this.#announced.get(write.key);
    this.#announced.delete(write.key);
    const { before, indexes = [], record } = announced ?? {};
    return this.#commit([...indexes, write], enter(write, before), record);
  }

  #commit(writes: ReadonlyArray<Write>, entered: (tally: Tally) => Tally, record?: ToRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, entered, record, resolve, reject });
      if (!this.#committing) void this.#work();
    });
  }

  /** One batch after the other, each with all that has come meanwhile: ledger and items always agree. */
  async #work(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      const commits = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failed !== undefined) throw this.#failed.error;
        const tally = commits.reduce((sum, { entered }) => entered(sum), {
          ...this.#tally,
          written: this.#tally.written + commits.length,
        });
        const { written } = this.#tally;
        await super.batch([
          ...commits.flatMap(({ writes, record }, place) =>
            record === undefined ? writes : [...writes, record(written + place + 1)],
          ),
          { type: "put", key: TALLY, value: tally },
        ]);
        this.#tally = tally;
        this.#note(tally);
        if (commits.some(({ writes }) => writes.some(({ key }) => key.startsWith("table~"))))
          this.definitionsChanged += 1;
        for (const { resolve } of commits) resolve();
      } catch (error) {
        this.#failed ??= { error };
        for (const { reject } of commits) reject(error);
      }
    }
    this.#committing = false;
  }
}
