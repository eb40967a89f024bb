import * as E from "fp-ts/Either";
import { promotable, type Promotion } from "../../../cli/release/promotable";

const [COMMIT, OTHER] = ["a".repeat(40), "b".repeat(40)];
const release = { version: "1.2.3", commit: COMMIT, stack: "stack", bundles: "bundles" };
const tested = { release, at: "2026-11-23T14:05:00.000Z", by: "somebody" };
const asked = (changes: Partial<Promotion>): string => {
  const result = promotable({
    environment: "prod",
    from: "staging",
    release,
    running: release,
    smoke: tested,
    ...changes,
  });
  if (E.isRight(result)) return result.right;
  return result.left._tag === "Refused" ? result.left.lines.join("\n") : result.left.message;
};

describe("a release comes to an environment", () => {
  it("that the one before it runs, and that passed its smoke test there", () => {
    expect(asked({})).toBe(
      `staging runs 1.2.3 (commit ${COMMIT}), and it passed its smoke test there on 2026-11-23T14:05:00.000Z: it may come to prod`,
    );
  });

  it("whatever was said there of a hotfix", () => {
    expect(asked({ running: { ...release, hotfix: "the desk" } })).toMatch(/may come to prod$/);
  });
});

describe("a release does not come to an environment", () => {
  const hotfix = '\nwhat cannot wait: npm run deploy -- plan prod --hotfix "who decided it, and why"';

  it("when the one before it runs none", () => {
    expect(asked({ running: undefined })).toBe(
      `staging runs no release: deploy this one there first${hotfix}`,
    );
  });

  it("when the one before it runs another commit, tested or not", () => {
    const running = { ...release, version: "1.2.2", commit: OTHER };
    expect(asked({ running })).toBe(
      `staging runs 1.2.2 (commit ${OTHER}), this is 1.2.3 (commit ${COMMIT}): deploy this one there first${hotfix}`,
    );
  });

  it("when the commit was built to other bundles, or its stack to another shape", () => {
    expect(asked({ running: { ...release, bundles: "others" } })).toMatch(/its bundles are others than this/);
    expect(asked({ running: { ...release, stack: "other" } })).toMatch(
      /its stack is another than this checkout makes of environments\/staging\.json/,
    );
  });

  it("when files differ from the commit", () => {
    const changed = { ...release, commit: `${COMMIT}+changes` };
    expect(asked({ release: changed, running: changed, smoke: { ...tested, release: changed } })).toMatch(
      /^this is a{40}\+changes: files differ from the commit/,
    );
  });

  it("when no smoke test of it is recorded", () => {
    expect(asked({ smoke: undefined })).toBe(
      `it has not passed its smoke test there (none is recorded): npm run smoke -- staging --record${hotfix}`,
    );
    const earlier = { ...tested, release: { ...release, version: "1.2.2", commit: OTHER } };
    expect(asked({ smoke: earlier })).toMatch(
      /\(the last recorded is of 1\.2\.2 \(commit b{40}\), 2026-11-23T14:05:00\.000Z\)/,
    );
  });
});
