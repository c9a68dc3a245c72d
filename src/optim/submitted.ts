/** Waits for a submission and what comes before it, and takes back what went on with it if it fails. */
export async function submitted(
  before: Promise<void> | undefined,
  work: Promise<void>,
  undo: () => void,
): Promise<void> {
  try {
    await Promise.all([before, work]);
  } catch (error) {
    undo();
    throw error;
  }
}
