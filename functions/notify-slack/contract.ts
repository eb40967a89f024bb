import { contract } from "../contract";

export const NOTIFY_SLACK = contract({
  name: "notify-slack",
  uses: { SLACK_WEBHOOK_PARAMETER: { parameter: ["get"] } },
  settings: {},
});
