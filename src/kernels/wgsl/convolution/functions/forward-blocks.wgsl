// The forward convolution as a matmul, for matmul/blocked.wgsl: a function file.
//
//   rows: output pixels (n, oy, ox)      columns: filters      reduction: filter taps × channels
//
//   a: image, one row = the patch under the filter      b: filter, [taps, channels, filters]
//
//        channels of tap 0   of tap 1           four rows of `a` go from tap to tap together: only
//   row  ├──┼──┼──┼──┼──────┼──┼──┼──┼─ …       where each begins is its own
//
// Divisions only find the first step. Later ones carry from channel to tap, and from tap to the next
// row of taps.

struct Walk {
  step: Tap,
}

fn places(loads_a: bool, outer: vec4<u32>, k: vec4<i32>, walk: Walk) -> Places {
  var found: Places;
  found.tap = tap_at(k.x, run_of(params.channels), params.filterWidth);
  if (loads_a) {
    let pixels = pixels_at(outer, params.outHeight, params.outWidth);
    found.y = vec4<i32>(pixels.y * params.strideY) - i32(params.paddingY);
    found.x = vec4<i32>(pixels.x * params.strideX) - i32(params.paddingX);
    let line = vec4<i32>(pixels.image * params.height) + found.y;
    let pixel = line * i32(params.width) + found.x;
    found.first = (pixel * i32(params.channels)) >> vec4<u32>(A_SHIFT);
    found = image_under(found);
  } else {
    found.first = vec4<i32>(outer + FOUR * params.filters) >> vec4<u32>(B_SHIFT);
    found = filter_under(found);
  }
  return found;
}

fn next(loads_a: bool, past: Places, walk: Walk) -> Places {
  var found = past;
  found.tap = further(past.tap, walk.step, run_of(params.channels), params.filterWidth);
  if (loads_a) { found = image_under(found); } else { found = filter_under(found); }
  return found;
}

fn image_under(past: Places) -> Places {
  var found = past;
  let y = past.tap.y * i32(params.dilationY);
  let x = i32(past.tap.x * params.dilationX);
  let offset = (y * i32(params.width) + x) * i32(params.channels) + i32(past.tap.channel);
  found.at = past.first + (offset >> A_SHIFT);
  found.inside = within(past.y + y, params.height) & within(past.x + x, params.width);
  found.reach = params.channels - 1u - past.tap.channel;
  return found;
}

fn filter_under(past: Places) -> Places {
  var found = past;
  let tap = past.tap.y * i32(params.filterWidth) + i32(past.tap.x);
  let row = tap * i32(params.channels) + i32(past.tap.channel);
  found.at = past.first + ((row * i32(params.filters)) >> B_SHIFT);
  found.inside = vec4<bool>(true);
  if (RUNS_WHOLE == 0u) {
    found.inside = past.tap.channel + FOUR < vec4<u32>(params.channels);
  }
  found.reach = 3u;
  return found;
}

fn walk_of(batch: u32) -> Walk {
  return Walk(tap_at(i32(DEPTH), run_of(params.channels), params.filterWidth));
}
fn reduction_of(walk: Walk) -> u32 { return params.reduction; }
fn result_row(row: u32, batch: u32) -> u32 { return row; }
