// Merges neighbouring runs of sorted keys, a pass of a sort: rows of `size` keys in runs of `run` → in runs
// of `kept`, the first ones of two runs; of equal keys those of the left run come first.
//
//   left    0 3 7 │ right  1 3 9      one invocation owns EACH neighbouring keys of a merged run: it finds
//   merged  0 1 3 3 7 9               by halving how many of the left run go before them, and walks on
//
// Per key: 8 bytes read, 4 or 8 written, one comparison, 2 · log2(run) / EACH reads from cache.
// Completes each.wgsl.
//
// The file that completes it (functions/keep-*.wgsl) says
//   keep(row, at, key, place)    where what is sorted goes
struct Params {
  count: u32,
  chunks: u32,
  parts: u32,
  size: u32,
  run: u32,
  inner: u32,
  kept: u32,
  length: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;

fn compute(i: u32) {
  let row = i / params.chunks;
  let chunk = i - row * params.chunks;
  let pair = chunk / params.parts;
  let first = (chunk - pair * params.parts) * EACH;

  let begin = row * params.size;
  let left = begin + pair * 2u * params.run;
  let right = min(left + params.run, begin + params.size);
  let end = min(right + params.run, begin + params.size);
  let to = min(first + EACH, min(params.kept, end - left));

  var low = first - min(first, end - right);
  var high = min(first, right - left);
  while (low < high) {
    let half = (low + high) / 2u;
    let goes_before = keys[left + half] <= keys[right + first - half - 1u];
    low = select(low, half + 1u, goes_before);
    high = select(half, high, goes_before);
  }
  var a = left + low;
  var b = right + first - low;
  for (var k = first; k < to; k++) {
    let is_left = a < right && (b >= end || keys[a] <= keys[b]);
    let next = select(b, a, is_left);
    keep(row, pair * params.kept + k, keys[next], places[next]);
    a += u32(is_left);
    b += 1u - u32(is_left);
  }
}
