// The ratio of norms of the variable that vec4 i belongs to, of trust/ratios.wgsl.
@group(0) @binding(RATIOS) var<storage, read> ratios: array<f32>;

fn trust_ratio(i: u32) -> f32 { return ratios[i / 16u]; }
