// How many elements of a sorted row go before each value: sorted [rows, size], values [rows, wanted] →
// [rows, wanted]; with RIGHT, equal ones go before it too.
//
//   sorted  1 3 3 7        one invocation owns one value and halves the row it belongs to
//   value   3 → 1, or 3
//
// Per output: 4 bytes and log2(size) elements read, 4 bytes written.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  wanted: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sorted: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

fn compute(i: u32) {
  let begin = i / params.wanted * params.size;
  let value = key_of(values[i]);
  var low = 0u;
  var high = params.size;
  while (low < high) {
    let middle = (low + high) / 2u;
    let key = key_of(sorted[begin + middle]);
    let goes_before = key < value || (RIGHT == 1u && key == value);
    low = select(low, middle + 1u, goes_before);
    high = select(middle, high, goes_before);
  }
  result[i] = low;
}
