/**
 * The DynamoDB, SQS, SNS and S3 APIs in memory on free loopback ports, printed as one line of JSON. A process
 * of its own, because one of them is an ES module that jest cannot load; it ends with its standard input.
 */
import { type ListenOptions, Server } from "node:net";
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import { startFauxqs } from "fauxqs";

// fauxqs listens on every interface of the machine and cannot be told otherwise.
// eslint-disable-next-line @typescript-eslint/unbound-method
const { listen } = Server.prototype;
Object.assign(Server.prototype, {
  listen(this: Server, options: ListenOptions | number, ...rest: []): Server {
    return typeof options === "number"
      ? listen.call(this, { port: options, host: "127.0.0.1" }, ...rest)
      : listen.call(this, { ...options, host: "127.0.0.1" }, ...rest);
  },
});

const tables = dynalite({ createTableMs: 0 });
await new Promise<void>((resolve) => {
  tables.listen({ port: 0 }, resolve);
});
const others = await startFauxqs({ port: 0, logger: false, defaultRegion: "eu-central-1" });
console.log(JSON.stringify({ dynamodb: (tables.address() as AddressInfo).port, others: others.port }));
process.stdin.resume().once("end", () => process.exit(0));
