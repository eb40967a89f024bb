import { messageOf } from "../../start-error";
import type { AwsService } from "../service";
import type { AwsAnswer, AwsCall, Backend } from "./call";
import { AwsError, errorAnswer } from "./errors";

/**
 * Something that acts on a call before its service does. `authorize` refuses by throwing an AwsError; a fault
 * may refuse, delay, or let the call take effect and lose its answer.
 */
export type Step = (call: AwsCall, next: Backend) => Promise<AwsAnswer>;

/** Told of every call when it has been answered. */
export type Observer = (call: AwsCall, answer: AwsAnswer, ms: number) => void;

/**
 * The one way to every local service, for SDKs and for the platform's own parts alike. The steps stand in
 * order: the first sees a call first and its answer last.
 */
export const makeGateway = (steps: ReadonlyArray<Step>, observe: Observer) => {
  const backends = new Map<AwsService, Backend>();
  const serve: Backend = (call) => {
    const backend = backends.get(call.service);
    if (backend === undefined)
      throw new AwsError("ServiceUnavailable", `${call.service.name} is not part of this stack`, 503);
    return backend(call);
  };
  const way = steps.reduceRight<Backend>((next, step) => (call) => step(call, next), serve);
  return {
    serve: (service: AwsService, backend: Backend): void => {
      backends.set(service, backend);
    },
    /** Answers a call; the promise never rejects. */
    handle: async (call: AwsCall): Promise<AwsAnswer> => {
      const started = performance.now();
      // A refusal is an answer; anything else that is thrown is a fault of the platform, and looks like one.
      const answer = await (async () => way(call))().catch((error: unknown) =>
        errorAnswer(
          call,
          error instanceof AwsError ? error : new AwsError("InternalFailure", messageOf(error), 500),
        ),
      );
      observe(call, answer, performance.now() - started);
      return answer;
    },
  };
};

export type Gateway = ReturnType<typeof makeGateway>;
