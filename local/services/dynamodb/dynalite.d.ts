declare module "dynalite" {
  import type { Server } from "node:http";
  /** https://github.com/architect/dynalite: without a path, tables are held in memory. */
  const dynalite: (options: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }) => Server;
  export default dynalite;
}
