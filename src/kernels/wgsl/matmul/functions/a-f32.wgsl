// The operand `a` where it is f32: read four neighbours at a time, 16 bytes, or one by one.
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;

fn a_vector(i: u32) -> vec4<f32> { return a[i]; }
fn a_element(i: u32) -> f32 { return a[i >> 2u][i & 3u]; }
