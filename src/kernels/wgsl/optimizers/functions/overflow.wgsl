// Squares of numbers over 1e19 are infinite in f32. Shrunk by 2^-80, those of all numbers are finite,
// and those of numbers that large are far from 0.
const LARGEST = 3.4028234e38;
const SHRINK = 8.271806125530277e-25;
