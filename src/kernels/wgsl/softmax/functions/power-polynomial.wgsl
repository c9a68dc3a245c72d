// e^x for x ≤ 0 where a processor computes it: exp also has to bring large and subnormal results
// right. Powers below e^-87 are 0. The reduction x = n·ln 2 + r and the polynomial are Cephes' expf
// (Moshier), within 2 ULP.
fn power(x: elements) -> elements {
  let n = round(x * 1.4426950408889634);
  let r = (x - n * 0.693359375) - n * -2.12194440054690583e-4;
  var p = 1.9875691500e-4 * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  p = (p * (r * r) + r) + 1.0;
  // Added to 1.5 · 2^23, n is in the last bits, from where it goes into the exponent.
  let last_bits = bitcast<words>(n + 12582912.0);
  let two_to_n = bitcast<elements>((last_bits << words(23u)) + words(0x3f800000u));
  return select(p * two_to_n, elements(), x < elements(-87.0));
}
