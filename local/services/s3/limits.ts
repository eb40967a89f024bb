/** S3's rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
import { textOf } from "../../engine/stack/block";

export const BUCKET_NAME = textOf(3, 63);
