import { StartError } from "../../start-error";
import type { LocalService } from "../service";
import { executeApi } from "./api";
import { API_METRICS, httpApi } from "./http-api";

export { resources } from "./resources";

export const service: LocalService = {
  api: executeApi,
  report: "itself",
  measures: API_METRICS,
  start: ({ stack, deployment, listeners, client, keyring, gateway, activity, metrics }) => {
    const apis = [...listeners].map(([address, listener], index) => {
      const api = httpApi(stack, address, deployment, {
        client,
        keyring,
        metrics,
        complain: activity.complaint,
      });
      // Requests to the API that people use are shown, those between the stack's own parts are not.
      return { api, listener, handler: api.answer(gateway, index === 0 ? activity : undefined) };
    });
    return {
      backend: (call) => {
        const found =
          apis.find(({ listener }) => call.headers["host"] === new URL(listener.url).host) ?? apis[0];
        if (found === undefined) throw new StartError("no HTTP API is declared");
        return found.api.backend(call);
      },
      run: () => {
        for (const { listener, handler } of apis) listener.answer(handler);
      },
    };
  },
};
