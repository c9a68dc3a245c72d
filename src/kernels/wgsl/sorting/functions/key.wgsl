// Keys that are in order as u32 where what they are of is in its own: f32 (FLOAT), with NaN above all
// numbers and −0 equal to 0, i32 (SIGNED) or u32; upside down where the order is to be DESCENDING.
// Of one or of four `words` at a time.
fn key_of(bits: words) -> words {
  var key = bits;
  if (FLOAT == 1u) {
    key = select(bits | words(0x80000000u), ~bits, bits > words(0x80000000u));
    key = select(key, words(0xffffffffu), (bits & words(0x7fffffffu)) > words(0x7f800000u));
  }
  if (SIGNED == 1u) { key = bits ^ words(0x80000000u); }
  return select(key, ~key, DESCENDING == 1u);
}
