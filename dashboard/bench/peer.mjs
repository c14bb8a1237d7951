// node peer.mjs FOLDER FILE: DuckDB on two threads with the rows of a CSV file in memory. Each line of standard input is
// an SQL text; each line of standard output says how many milliseconds its answer took.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import readline from 'node:readline';

const [, , folder, file] = process.argv;
const { DuckDBInstance } = createRequire(`${folder}/`)('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(`create table t as select * from read_csv('${file}')`);
console.log('ready');
for await (const sql of readline.createInterface({ input: process.stdin })) {
  const started = performance.now();
  await connection.run(sql);
  console.log((performance.now() - started).toFixed(3));
}
