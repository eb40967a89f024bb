import { parentPort } from "node:worker_threads";
import { portOf } from "../../engine/gateway/server";
import { tellPlatform } from "../../threads";
import { refuseAsDynamo, unstorable } from "./semantics";
import { indexWrites, itemKey } from "./store/index-entries";
import { handOver } from "./store/level-export";
import { openTables, type TableFolders } from "./store/open-tables";
import { TableLevel } from "./store/table-level";
import db from "dynalite/db/index.js";
import dynalite from "dynalite";

// Each action calls this right before it writes or deletes the item.
db.updateIndexes = ({ db: level }, table, before, item, done) => {
  const refusal = item ? unstorable(table, item) : undefined;
  if (refusal !== undefined) {
    done(refusal);
    return;
  }
  const some = item ?? before;
  if (!(level instanceof TableLevel)) throw new Error("the tables are not where they were opened");
  if (some) level.announce(itemKey(table, some), { before, indexes: indexWrites(table, before, item) });
  done();
};

refuseAsDynamo();

/** Serves the DynamoDB API from a folder until it is told to stop. */
export const serve = async ({
  recover,
  ...folders
}: TableFolders & { readonly recover: boolean }): Promise<void> => {
  const { tally, note } = await openTables(folders, recover, (say) => tellPlatform({ say }));
  handOver(folders.folder, tally, note);
  const server = dynalite({ path: folders.folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.keepAliveTimeout = 60_000;
  parentPort?.once("message", () => {
    server.closeAllConnections();
    server.close(() => parentPort?.close());
  });
  server.listen(0, "127.0.0.1", () => tellPlatform({ port: portOf(server) }));
};
