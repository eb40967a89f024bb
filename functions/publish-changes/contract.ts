import { contract } from "../contract";

export const PUBLISH_CHANGES = contract({
  name: "publish-changes",
  uses: { CHANGES_TOPIC_ARN: { topic: ["publish"] } },
  settings: {},
});
