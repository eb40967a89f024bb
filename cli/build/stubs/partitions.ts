/** For the table of partitions and their regions, which the rule sets asked: their stubs do not. */
export const partitionsInfo = { partitions: [] };
