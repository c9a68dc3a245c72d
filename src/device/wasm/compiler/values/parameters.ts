/** The numbers of the parameters of `run`, all of them i32. */
export const PARAMETERS = {
  bindings: 0,
  firstGroup: 1,
  endGroup: 2,
  groupsX: 3,
  groupsY: 4,
  scratch: 5,
} as const;
