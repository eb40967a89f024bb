/** JSON, or undefined where it is none: for what is decoded next, to which nothing is as wrong as any other fault. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
