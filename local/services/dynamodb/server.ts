import type { ServerThread } from "../service";

export const dynalite: ServerThread = (data, recover) => ({
  part: "dynamodb",
  folder: data.tables,
  written: data.tablesWritten,
  before: data.tablesBefore,
  damaged: data.damaged,
  recover,
});
