/** The line that the parent waits for; its arrival is the end of the measured time. */
export const finished = 'first step finished';
