import * as t from "io-ts";
import { keptRecord } from "../../kept-record";

/**
 * How far each mapping has read its stream, by the sequence number of the last record that is done with: kept, so
 * that a restart goes on there.
 */
export const streamPositions = (file: string) => keptRecord(file, t.string);

export type StreamPositions = ReturnType<typeof streamPositions>;
