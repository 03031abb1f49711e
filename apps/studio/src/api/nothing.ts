/**
 * The schema of an answer whose body does not matter, such as that of a deletion.
 */
export const nothing = {
  safeParse: (): { success: true; data: undefined } => ({ success: true, data: undefined }),
};
