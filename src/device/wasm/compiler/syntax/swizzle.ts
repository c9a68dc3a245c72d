/** The numbers of the lanes that letters name. */
export function swizzleLanes(name: string): number[] {
  return [...name].map((letter) => {
    const lane = 'xyzw'.indexOf(letter);
    return lane >= 0 ? lane : 'rgba'.indexOf(letter);
  });
}
