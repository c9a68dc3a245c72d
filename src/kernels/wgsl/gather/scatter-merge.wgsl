// Merges WAYS sorted runs of `run` keys each into one, a pass of scatter-add's sort.
//
//   keys    0 3 7 | 1 3 9 | 2 …      one invocation owns one key and counts, by halving, those of the
//   merged  0 1 2 3 3 7 9 …          other runs that go before it: equal ones of runs before its own
//
// Per key: 8 bytes read, 8 written, WAYS · log2(run) reads from cache.
// Completes each.wgsl.
struct Params {
  count: u32,
  run: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<i32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> mergedKeys: array<i32>;
@group(0) @binding(4) var<storage, read_write> mergedOrder: array<u32>;

fn compute(i: u32) {
  let key = keys[i];
  let own = i / params.run;
  let first = own / WAYS * WAYS;
  var at = first * params.run + (i - own * params.run);
  for (var other = first; other < first + WAYS; other++) {
    var low = min(other * params.run, params.count);
    if (other != own && low < params.count) {
      let begin = low;
      var high = min(low + params.run, params.count);
      while (low < high) {
        let middle = (low + high) / 2u;
        let goes_before = keys[middle] < key || (other < own && keys[middle] == key);
        low = select(low, middle + 1u, goes_before);
        high = select(middle, high, goes_before);
      }
      at += low - begin;
    }
  }
  mergedKeys[at] = key;
  mergedOrder[at] = order[i];
}
