import Sequencer from "@jest/test-sequencer";

/**
 * Those that apply whole environments, or run for minutes, take longest, then those of the running whole and a small
 * file of many tables: none of them may be the last to begin, while a processor idles. In a fresh clone jest knows no
 * times yet, and goes by size.
 */
const ORDER = [
  /\/test\/deploy\/(story|emulate|preview)\.|\/test\/platform\/(soak|halt|intake|commands|smoke|watch|build)\./,
  /\/test\/(platform|deploy)\/|\/dynamodb\.semantics\./,
  /./,
];
const rank = ({ path }) => ORDER.findIndex((one) => one.test(path));

export default class extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
