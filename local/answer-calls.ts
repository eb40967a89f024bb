/** What a thread that serves does with the platform's calls. */
import type { RequestListener } from "node:http";
import { parentPort } from "node:worker_threads";
import inject from "light-my-request";
import { Asked, bufferOf } from "./engine/gateway/forward";
import { messageOf } from "./start-error";
import { STOP, tellPlatform } from "./threads";

const ask = (listener: RequestListener, { method, url, headers, body }: Asked) =>
  inject(
    (request, response) => {
      // As it came: what makes a URL of it would take `..` out of an object's key.
      request.url = url;
      listener(request, response);
    },
    { method, url: "/", headers, payload: bufferOf(body), validate: false },
  );

/** Answers calls by the listener of an HTTP server, until the platform says to stop. */
export const answerCalls = (listener: RequestListener, stop: () => void): void => {
  parentPort?.on("message", (message: unknown) => {
    if (message === STOP) {
      stop();
      return;
    }
    if (!Asked.is(message)) throw new Error("the platform said what nobody understands");
    const { ask: answered } = message;
    ask(listener, message).then(
      ({ statusCode: status, headers, rawPayload: body }) =>
        tellPlatform({ answered, status, headers, body }),
      (error: unknown) => tellPlatform({ answered, broken: messageOf(error) }),
    );
  });
  tellPlatform({ serves: true });
};
