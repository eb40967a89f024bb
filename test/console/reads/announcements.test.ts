import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listAnnouncements } from "../../../console/reads/announcements";
import { temporaryFolder } from "../../support/temporary-folder";

const line = (at: string, text: string): string =>
  JSON.stringify({ at, message: { text, blocks: [{ type: "section", text: { type: "mrkdwn", text } }] } });

const fileOf = (content: string): string => {
  const file = join(temporaryFolder("announcements"), "notifications.jsonl");
  writeFileSync(file, content);
  return file;
};

it("has the newest first, and leaves out a line that is being written", () => {
  const notifications = fileOf(`${line("1", "first")}\n${line("2", "second")}\n{"at":"3","mess`);
  expect(listAnnouncements({ notifications })).toEqual([
    { at: "2", blocks: ["second"] },
    { at: "1", blocks: ["first"] },
  ]);
});

it("has none before the first, and does not know Slack's own", () => {
  expect(listAnnouncements({ notifications: join(temporaryFolder("announcements"), "none") })).toEqual([]);
  expect(listAnnouncements({})).toBeUndefined();
});
