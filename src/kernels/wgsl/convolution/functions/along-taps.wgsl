// What a lane remembers of a reduction over taps and channels, for forward and for the image's
// gradient: a function file.
//
//     channels of tap 0   of tap 1
//   ├──┼──┼──┼──┼──────┼──┼──┼──┼─ …      a block of 4 × 4 elements advances by DEPTH of them, from a
//    ▲──────────▶                         run of channels to the next tap, from a row of taps to the
//                                         next; nothing is divided on the way

struct Places {
  at: vec4<i32>,
  inside: vec4<bool>,
  reach: u32,
  tap: Tap,
  // Of `a`: the pixels that meet the first tap, and where they lie. Of `b`: where its columns begin.
  y: vec4<i32>,
  x: vec4<i32>,
  first: vec4<i32>,
}

// `step` further, which has a part of a run, a part of a row of taps, and rows of taps.
fn further(tap: Tap, step: Tap, run: u32, across: u32) -> Tap {
  let channel = tap.channel + step.channel;
  let next = channel >= run;
  let x = tap.x + step.x + u32(next);
  let below = x >= across;
  return Tap(
    select(channel, channel - run, next),
    select(x, x - across, below),
    tap.y + step.y + i32(below),
  );
}
