/**
 * What JSON is made of, counted before it is parsed: brackets are a byte each in a file, and objects
 * in memory. `parts` are brackets, braces and commas, `names` those of the two outer levels, of which
 * a parser keeps the last where one comes twice.
 */
export function survey(json: Uint8Array): { depth: number; parts: number; names: number } {
  let [level, depth, parts, names] = [0, 0, 0, 0];
  for (let i = 0, isText = false; i < json.length; i++) {
    const character = String.fromCharCode(json[i] as number);
    if (isText) {
      if (character === '\\') i++;
      else isText = character !== '"';
    } else if (character === '"') isText = true;
    else if (character === '[' || character === '{') {
      depth = Math.max(depth, ++level);
      parts++;
    } else if (character === ']' || character === '}') level--;
    else if (character === ',') parts++;
    else if (character === ':' && level <= 2) names++;
  }
  return { depth, parts, names };
}
