/** CloudWatch's: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
import { textOf } from "../../engine/stack/block";

export const ALARM_NAME = textOf(1, 255);
