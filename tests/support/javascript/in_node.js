import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, judge] = process.argv;
const { judge: judged } = await import(pathToFileURL(judge));
const outcomes = await judged(await import(pathToFileURL(library)), JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(outcomes));
