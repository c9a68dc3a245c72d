/** The number of the lane that a letter names. */
export function swizzleLane(letter: string): number {
  const lane = 'xyzw'.indexOf(letter);
  return lane >= 0 ? lane : 'rgba'.indexOf(letter);
}

/** The numbers of the lanes that letters name. */
export function swizzleLanes(name: string): number[] {
  return [...name].map(swizzleLane);
}
