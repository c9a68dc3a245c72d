// The house rules that neither the compiler, Biome nor dependency-cruiser can check: one file each in
// scripts/house-rules, which says what it asks. It prints a sentence for every rule and, where one
// is broken, every place; the exit code is 1 then.
import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import * as assertions from './house-rules/assertions.mjs';
import * as duplicates from './house-rules/duplicates.mjs';
import * as sizes from './house-rules/sizes.mjs';

const rules = { sizes, duplicates, assertions };
const names = Object.keys(rules);

const command = new Command('node scripts/check-house-rules.mjs')
  .description('Check the rules of the house that no other tool checks.')
  .addArgument(new Argument('[rules...]', 'only these').choices(names).default(names, 'all'))
  .option('--by-folder', 'show the assertions of every folder, also where the rule is kept')
  .parse();

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
let broken = 0;
for (const name of command.processedArgs[0]) {
  const { summary, places, isBroken = places.length > 0 } = rules[name].check(command.opts());
  if (isBroken) broken += 1;
  console.log(`${isBroken ? '✘' : '✔'} ${summary}`);
  for (const place of places) console.log(`    ${place}`);
}
process.exit(broken > 0 ? 1 : 0);
