import fs, { type PathOrFileDescriptor, type WriteFileOptions } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const DATA = ".data";
const META = ".meta.json";
const UNFINISHED = ".unfinished";

/**
 * fauxqs overwrites the files of an object where they stand, first its content (`….data`), then its description
 * (`….meta.json`): a kill between two bytes leaves half an object in the place of a whole one. In this thread a
 * file appears whole or not at all, and a content waits for its description.
 */
export const writeFilesWhole = (): void => {
  const { writeFileSync, renameSync, existsSync } = fs;
  const write = (path: PathOrFileDescriptor, data: string | Uint8Array, options?: WriteFileOptions): void => {
    if (typeof path !== "string") {
      writeFileSync(path, data, options);
      return;
    }
    writeFileSync(`${path}${UNFINISHED}`, data, options);
    if (path.endsWith(DATA)) return;
    const content = path.endsWith(META) ? `${path.slice(0, -META.length)}${DATA}` : "";
    // Content first: `finishObjects` ends what is cut off here.
    if (content !== "" && existsSync(`${content}${UNFINISHED}`))
      renameSync(`${content}${UNFINISHED}`, content);
    renameSync(`${path}${UNFINISHED}`, path);
  };
  Object.assign(fs, { writeFileSync: write });
  syncBuiltinESMExports();
};
