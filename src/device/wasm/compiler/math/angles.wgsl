// Trigonometric functions and their inverses.

// An angle as a number of quarter turns and a rest of at most π/4.
struct Angle {
  quarters: vec4<i32>,
  rest: vec4<f32>,
}

fn high_product(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let low = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (low >> 16u);
}

// 32 bits of 2/π from a bit on, counted from 32 bits in front of the point.
fn bits_of_two_over_pi(first: u32) -> u32 {
  var words = array<u32, 9>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
    0xdebbc561u,
  );
  let word = first >> 5u;
  let shift = first & 31u;
  return (words[word] << shift) | ((words[word + 1u] >> 1u) >> (31u - shift));
}

// The angle of a large number (Payne and Hanek): of x · 2/π only the bits around the point are
// computed. Returns the quarters and the bits of the rest.
fn far_angle(x: f32) -> vec2<i32> {
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let first = (bits >> 23u) - 120u;
  let w1 = bits_of_two_over_pi(first + 32u);
  let w2 = bits_of_two_over_pi(first + 64u);
  let carry = high_product(mantissa, w2);
  let low = mantissa * w1 + carry;
  var carried = high_product(mantissa, w1);
  if (low < carry) { carried += 1u; }
  let high = mantissa * bits_of_two_over_pi(first) + carried;
  // The quarters are in the first two bits of high : low.
  var f_high = (high << 2u) | (low >> 30u);
  var f_low = low << 2u;
  var quarters = i32(high >> 30u);
  let negative = (f_high & 0x80000000u) != 0u;
  if (negative) {
    quarters += 1;
    f_low = ~f_low + 1u;
    f_high = ~f_high;
    if (f_low == 0u) { f_high += 1u; }
  }
  let fraction = f32(f_high) * 2.3283064365386963e-10 + f32(f_low) * 5.4210108624275222e-20;
  let rest = fraction * 1.5707963267948966;
  let signed = select(rest, -rest, negative);
  if (bitcast<u32>(x) >> 31u == 1u) { return vec2<i32>(-quarters, bitcast<i32>(-signed)); }
  return vec2<i32>(quarters, bitcast<i32>(signed));
}

fn angle_of(x: vec4<f32>) -> Angle {
  let n = round(x * 0.6366197723675814);
  // π/2 in four pieces, whose products with n are exact.
  let near = x - n * 1.5703125 - n * 4.837512969970703e-4 - n * 7.549533620476723e-8 - n * 2.5633440682570896e-12;
  var quarters = vec4<i32>(n);
  var rest = near;
  if (any(abs(x) > vec4<f32>(8192.0))) {
    var k = 0u;
    loop {
      if (abs(x[k]) > 8192.0) {
        let far = far_angle(x[k]);
        quarters[k] = far.x;
        rest[k] = bitcast<f32>(far.y);
      }
      continuing {
        k++;
        break if k == 4u;
      }
    }
    rest = select(rest, x - x, !(abs(x) < bitcast<vec4<f32>>(vec4<u32>(INFINITY))));
  }
  return Angle(quarters, rest);
}

fn sin_near(r: vec4<f32>) -> vec4<f32> {
  let z = r * r;
  let p = (-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1;
  return p * z * r + r;
}

fn cos_near(r: vec4<f32>) -> vec4<f32> {
  let z = r * r;
  let p = (2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2;
  return p * (z * z) - 0.5 * z + 1.0;
}

fn sin_quarters(quarters: vec4<i32>, rest: vec4<f32>) -> vec4<f32> {
  let odd = (quarters & vec4<i32>(1)) != vec4<i32>();
  let value = select(sin_near(rest), cos_near(rest), odd);
  let sign = (quarters & vec4<i32>(2)) << vec4<u32>(30u);
  return bitcast<vec4<f32>>(bitcast<vec4<i32>>(value) ^ sign);
}

fn _sin(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  return select(sin_quarters(angle.quarters, angle.rest), x, abs(x) < vec4<f32>(1e-4));
}

fn _cos(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  return sin_quarters(angle.quarters + 1, angle.rest);
}

fn _tan(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  let sine = sin_near(angle.rest);
  let cosine = cos_near(angle.rest);
  let odd = (angle.quarters & vec4<i32>(1)) != vec4<i32>();
  let value = select(sine, -cosine, odd) / select(cosine, sine, odd);
  return select(value, x, abs(x) < vec4<f32>(1e-4));
}

// asin(a) for 0 ≤ a ≤ 0.5
fn asin_near(a: vec4<f32>) -> vec4<f32> {
  let z = a * a;
  var p = 4.2163199048e-2 * z + 2.4181311049e-2;
  p = p * z + 4.5470025998e-2;
  p = p * z + 7.4953002686e-2;
  p = p * z + 1.6666752422e-1;
  return p * z * a + a;
}

fn with_sign(size: vec4<f32>, sign: vec4<f32>) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(size) | (bitcast<vec4<u32>>(sign) & vec4<u32>(0x80000000u)));
}

fn _asin(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let outer = a > vec4<f32>(0.5);
  let near = asin_near(select(a, sqrt(0.5 * (1.0 - a)), outer));
  let value = select(near, 1.57079637050628662 - (2.0 * near + 4.37113900018624283e-8), outer);
  return with_sign(value, x);
}

fn _acos(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let outer = a > vec4<f32>(0.5);
  let near = asin_near(select(a, sqrt(0.5 * (1.0 - a)), outer));
  let negative = x < vec4<f32>();
  let wide = select(2.0 * near, 3.14159274101257324 - (2.0 * near + 8.74227800037248566e-8), negative);
  return select(1.57079637050628662 - (with_sign(near, x) + 4.37113900018624283e-8), wide, outer);
}

// atan(a) for a ≥ 0
fn atan_positive(a: vec4<f32>) -> vec4<f32> {
  let far = a > vec4<f32>(2.414213562373095);
  let middle = a > vec4<f32>(0.4142135623730950);
  let t = select(select(a, (a - 1.0) / (a + 1.0), middle), -1.0 / a, far);
  let start = select(select(vec4<f32>(), vec4<f32>(0.7853981633974483), middle), vec4<f32>(1.5707963267948966), far);
  let z = t * t;
  var p = 8.05374449538e-2 * z - 1.38776856032e-1;
  p = p * z + 1.99777106478e-1;
  p = p * z - 3.33329491539e-1;
  return start + (p * z * t + t);
}

fn _atan(x: vec4<f32>) -> vec4<f32> {
  return with_sign(atan_positive(abs(x)), x);
}

fn _atan2(y: vec4<f32>, x: vec4<f32>) -> vec4<f32> {
  let a = abs(y);
  let b = abs(x);
  let infinity = bitcast<vec4<f32>>(vec4<u32>(INFINITY));
  var ratio = min(a, b) / max(a, b);
  ratio = select(ratio, vec4<f32>(), max(a, b) == vec4<f32>());
  ratio = select(ratio, vec4<f32>(1.0), (a == infinity) & (b == infinity));
  var angle = atan_positive(ratio);
  angle = select(angle, 1.57079637050628662 - (angle + 4.37113900018624283e-8), a > b);
  let left = (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u)) != vec4<u32>();
  angle = select(angle, 3.14159274101257324 - (angle + 8.74227800037248566e-8), left);
  return select(with_sign(angle, y), x + y, (x != x) | (y != y));
}
