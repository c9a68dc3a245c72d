@group(0) @binding(CARRIED) var<storage, read> carriedOver: array<vec4<f32>>;

// Rows that belong to the walked ones are carried over.
fn carried(at: u32) -> vec4<f32> {
  return carriedOver[at];
}
