import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { parseJson } from "../../json";
import { messageOf } from "../../start-error";

const Positions = t.record(t.string, t.string);

/**
 * How far each mapping has read its stream, by the sequence number of the last record that is done with: kept, so
 * that a restart goes on there.
 */
export const streamPositions = (file: string) => {
  const text = E.tryCatch(() => readFileSync(file, "utf8"), messageOf);
  const parsed = E.isLeft(text) ? undefined : parseJson(text.right);
  const positions = new Map(Object.entries(Positions.is(parsed) ? parsed : {}));
  return {
    of: (mapping: string): string | undefined => positions.get(mapping),
    note: (mapping: string, sequence: string): void => {
      positions.set(mapping, sequence);
      writeFileSync(`${file}.unfinished`, JSON.stringify(Object.fromEntries(positions)));
      renameSync(`${file}.unfinished`, file);
    },
  };
};

export type StreamPositions = ReturnType<typeof streamPositions>;
