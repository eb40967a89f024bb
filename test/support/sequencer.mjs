import Sequencer from "@jest/test-sequencer";

/** The suites of the running whole take longest: none of them may be the last to begin, while a processor idles. */
const isOfTheWhole = ({ path }) => /\/test\/(platform|docs|deploy)\//.test(path);

export default class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isOfTheWhole), ...sorted.filter((test) => !isOfTheWhole(test))];
  }
}
