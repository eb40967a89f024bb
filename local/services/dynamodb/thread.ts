import { parentPort } from "node:worker_threads";
import { answerCalls } from "../../answer-calls";
import { servePart } from "../../serve-part";
import { DynamodbPart, measuring, tellPlatform } from "../../threads";
import { countUnits, writeReadings } from "./consumed";
import { parseExpressionsOnce } from "./expressions";
import { partiql } from "./partiql/serve";
import { refuseAsDynamo, unstorable } from "./semantics";
import { serveInFront } from "./serve";
import { makeStreams } from "./streams/records";
import { streamsApi } from "./streams/serve";
import { indexChanges, indexWrites, itemKey } from "./store/index-entries";
import { rememberDefinitions } from "./store/definitions";
import { handOver } from "./store/level-export";
import { openTables } from "./store/open-tables";
import { TableLevel } from "./store/table-level";
import db, { type Store } from "dynalite/db/index.js";
import dynalite from "dynalite";

const measured = measuring();
countUnits(measured);
const streams = makeStreams();

const opened = (level: unknown): TableLevel => {
  if (level instanceof TableLevel) return level;
  throw new Error("the tables are not where they were opened");
};

// Each action calls this right before it writes or deletes the item.
db.updateIndexes = ({ db: level }, table, before, item, done) => {
  const refusal = item ? unstorable(table, item) : undefined;
  if (refusal !== undefined) {
    done(refusal);
    return;
  }
  const changes = indexChanges(table, before, item);
  const some = item ?? before;
  if (some)
    opened(level).announce(itemKey(table, some), {
      before,
      indexes: indexWrites(table, before, item, changes),
      record: streams.record(table, before, item),
    });
  measured(writeReadings(table, before, item, changes));
  done();
};

refuseAsDynamo();
parseExpressionsOnce();

/** dynalite's server, and the store that it makes for itself. */
const serverAndStore = (path: string) => {
  const { create } = db;
  let store: Store | undefined;
  db.create = (options) => (store = create(options));
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  db.create = create;
  if (store === undefined) throw new Error("dynalite made a server without a store");
  rememberDefinitions(store, opened(store.db));
  return { server, store };
};

/** Serves the DynamoDB API from a folder until it is told to stop. */
servePart(DynamodbPart, async ({ recover, ...folders }) => {
  const { tally, note } = await openTables(folders, recover, (say) => tellPlatform({ say }));
  handOver(folders.folder, tally, note);
  const { server, store } = serverAndStore(folders.folder);
  serveInFront(server, [partiql(store), streamsApi(opened(store.db), streams)]);
  answerCalls(
    (request, response) => server.emit("request", request, response),
    () =>
      void opened(store.db)
        .close()
        .finally(() => parentPort?.close()),
  );
});
