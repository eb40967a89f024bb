import Sequencer from "@jest/test-sequencer";

/**
 * Those that apply whole environments wait longest, then those of the running whole: none of them may be the last
 * to begin, while a processor idles.
 */
const ORDER = [/\/test\/deploy\/(story|emulate|preview)\./, /\/test\/(platform|deploy)\//, /./];
const rank = ({ path }) => ORDER.findIndex((one) => one.test(path));

export default class extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
