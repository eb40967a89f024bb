import { parentPort } from "node:worker_threads";
import dynalite from "dynalite";
import { portOf } from "../../engine/gateway/server";

/** Serves the DynamoDB API from a folder until it is told to stop. */
export const serve = ({ folder }: { readonly folder: string }): void => {
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.keepAliveTimeout = 60_000;
  parentPort?.once("message", () => {
    server.closeAllConnections();
    server.close(() => parentPort?.close());
  });
  server.listen(0, "127.0.0.1", () => {
    parentPort?.postMessage({ port: portOf(server) });
  });
};
