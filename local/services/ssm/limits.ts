/** Parameter Store's: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
import { AwsError } from "../../engine/gateway/errors";

/** Of a standard parameter's value; here there are no others. */
const VALUE_CHARACTERS = 4_096;

export const refuseLong = (value: string): void => {
  if (value.length > VALUE_CHARACTERS)
    throw new AwsError(
      "ValidationException",
      `Standard tier parameters support a maximum parameter value of ${VALUE_CHARACTERS} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
};
