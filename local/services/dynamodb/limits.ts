/** DynamoDB's: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html; dynalite holds the rest. */
import { textOf } from "../../engine/stack/block";

/** Of a table, and of an index. */
export const TABLE_NAME = textOf(3, 255);
