import { linesOf } from "../../../../console/page/announcements/mrkdwn";

it("knows bold, code and the characters that Slack has escaped", () => {
  expect(linesOf("*[local] 1 order* rejected\n• order 7: `*A&amp;B*`, -4 &lt;b&gt;")).toEqual([
    [
      { kind: "bold", text: "[local] 1 order" },
      { kind: "text", text: " rejected" },
    ],
    [
      { kind: "text", text: "• order 7: " },
      { kind: "code", text: "*A&B*" },
      { kind: "text", text: ", -4 <b>" },
    ],
  ]);
});

it("unescapes once: what was written as an entity stays one", () => {
  expect(linesOf("&amp;lt;")).toEqual([[{ kind: "text", text: "&lt;" }]]);
});

it("takes nothing else for markup", () => {
  expect(linesOf("<https://example.com|a> * _b_")).toEqual([
    [{ kind: "text", text: "<https://example.com|a> * _b_" }],
  ]);
});
