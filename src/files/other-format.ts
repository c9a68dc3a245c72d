/** How files of well-known formats begin, in hexadecimal. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  'a NumPy array (.npy)': ['934e554d5059'],
  'a zip file, such as .npz, .pt, .keras or .xlsx': ['504b0304'],
  'an HDF5 file (.h5)': ['89484446'],
  'a Python pickle': ['8002', '8003', '8004', '8005'],
  'a Parquet file': ['50415231'],
  'a gzip-compressed file, to be unpacked first': ['1f8b'],
  'a picture': ['89504e47', 'ffd8ff', '47494638'],
  'a PDF file': ['25504446'],
  'a page of the web': ['3c21', '3c68746d6c', '3c3f786d6c'],
};

/** What a file that is not of the format it should be is instead, by its first bytes, if that is known. */
export function otherFormat(start: Uint8Array): string | undefined {
  const hex = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  const found = Object.entries(STARTS).find(([, starts]) =>
    starts.some((begins) => hex.startsWith(begins)),
  );
  return found?.[0];
}
