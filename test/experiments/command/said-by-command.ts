import { type Command, CommanderError } from 'commander';

/** Parses a command line without ending the process; what would be printed is in `said`. */
export function parsed<O>(command: Command, args: readonly string[]) {
  const said: string[] = [];
  const write = (text: string) => said.push(text.trim());
  command.exitOverride().configureOutput({
    writeOut: write,
    writeErr: write,
    getOutHelpWidth: () => 100,
  });
  try {
    const options = command.parse(args, { from: 'user' }).opts() as O;
    return { options, said: said.join('\n'), exitCode: undefined };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { options: undefined, said: said.join('\n'), exitCode: error.exitCode };
  }
}
