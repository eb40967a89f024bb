/** EventBridge Scheduler's: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
import { textOf } from "../../engine/stack/block";

/** Of a schedule, and of a group of them. */
export const SCHEDULE_NAME = textOf(1, 64);
