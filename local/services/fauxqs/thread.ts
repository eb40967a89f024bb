import { existsSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import { type ListenOptions, Server } from "node:net";
import { join } from "node:path";
import type { SqsSpyMessage } from "fauxqs";
import { parentPort } from "node:worker_threads";
import { cut } from "../../../lib/text";
import { answerCalls } from "../../answer-calls";
import { servePart } from "../../serve-part";
import { FauxqsPart, tellPlatform } from "../../threads";
import { checkServices, sealServices } from "./checked-files";
import { loadFauxqs } from "./patches";

/**
 * fauxqs listens on every interface of the machine and cannot be told otherwise. In this thread, which runs
 * nothing else, whatever listens, listens on loopback.
 */
const listenOnLoopback = (): void => {
  // Called with the server as `this` below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { listen } = Server.prototype;
  const onLoopback = function (this: Server, options: ListenOptions, listening = () => {}): Server {
    return listen.call(this, { ...options, host: "127.0.0.1" }, listening);
  };
  Object.assign(Server.prototype, { listen: onLoopback });
};

/**
 * Gives messages out again whose receivers died with the platform, when it was killed: nobody is left to wait
 * for, and a delivery cut short that way is none of the receiver's failures. (A message that the killed process
 * was only about to hide is simply there.)
 */
const releaseMessages = async (queues: string): Promise<void> => {
  const file = join(queues, "fauxqs.db");
  if (!existsSync(file)) return;
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file);
  database.exec(`
    UPDATE sqs_messages
    SET receipt_handle = NULL, visibility_deadline = NULL,
        approximate_receive_count = max(approximate_receive_count - 1, 0)
    WHERE receipt_handle IS NOT NULL`);
  database.close();
};

const tellDeadLetter = ({ queueName, body }: SqsSpyMessage): void =>
  tellPlatform({
    of: queueName,
    complaint: `moved a message that failed too often to its dead-letter queue: ${cut(body, 300)}`,
  });

/** Serves the SQS, SNS and S3 APIs, in whatever region a call is signed for, from two folders until it is told to stop. */
servePart(FauxqsPart, async ({ recover, ...folders }) => {
  listenOnLoopback();
  await checkServices(folders, recover, (say) => tellPlatform({ say }));
  await releaseMessages(folders.queues);
  const listeners: HttpServer[] = [];
  const { startFauxqs } = await loadFauxqs((made) => listeners.push(made));
  const server = await startFauxqs({
    port: 0,
    logger: false,
    dataDir: folders.queues,
    s3StorageDir: folders.buckets,
    messageSpies: { bufferSize: 1 },
  });
  // It waits for ever for what it refuses, and so sees every message.
  void server.spy.waitForMessage((message) => {
    if (message.service === "sqs" && message.status === "dlq") tellDeadLetter(message);
    return false;
  });
  answerCalls(
    (request, response) => listeners[0]?.emit("request", request, response),
    () =>
      void server.stop().then(() => {
        sealServices(folders);
        parentPort?.close();
      }),
  );
});
