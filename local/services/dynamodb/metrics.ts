/** What the tables count of themselves, under CloudWatch's names. */
export const TABLE_METRICS = {
  namespace: "AWS/DynamoDB",
  names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"],
} as const;
