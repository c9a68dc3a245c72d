// What is chosen from: values [outer, size, inner], of whose outer · inner rows none lies beside the next
// where `inner` is above 1.
@group(0) @binding(1) var<storage, read> values: array<u32>;

fn keys_at(row: u32, k: u32) -> vec4<u32> {
  let outer = row / params.inner;
  let at = (outer * params.size + k) * params.inner + row - outer * params.inner;
  let step = params.inner;
  return key_of(vec4<u32>(values[at], values[at + step], values[at + 2u * step], values[at + 3u * step]));
}

fn place_at(row: u32, k: u32) -> u32 {
  return k;
}
