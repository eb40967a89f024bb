/** What the local platform alone knows, asked of it by messages between threads. */
import type { MessagePort } from "node:worker_threads";
import * as t from "io-ts";
import { Faults, Permissions } from "./inside";

const Answer = t.type({ answer: t.number, body: t.unknown });

export const hostAt = (port: Pick<MessagePort, "on" | "postMessage">) => {
  const waiting = new Map<number, (body: unknown) => void>();
  let last = 0;
  port.on("message", (message: unknown) => {
    if (!Answer.is(message)) return;
    waiting.get(message.answer)?.(message.body);
    waiting.delete(message.answer);
  });
  const ask = async <A>(question: object, codec: t.Type<A, unknown>): Promise<A> => {
    last += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(last, resolve);
    port.postMessage({ ask: last, ...question });
    const body = await promise;
    if (!codec.is(body)) throw new Error("the platform said what nobody understands");
    return body;
  };
  return {
    permissions: () => ask({ of: "permissions" }, Permissions),
    faults: () => ask({ of: "faults" }, Faults),
    /** False where there is no such fault. */
    switchFault: (rule: string, on: boolean) => ask({ of: "switch", rule, on }, t.boolean),
  };
};

export type Host = ReturnType<typeof hostAt>;
