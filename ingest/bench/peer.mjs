// Loads a file into the memory of another engine, with two threads, a number of times, and prints the times in
// milliseconds and the rows that were read as JSON.
//
//   node peer.mjs duckdb|polars|polars-text FILE TIMES
import { performance } from "node:perf_hooks";

const [, , peer, file, times] = process.argv;
const json = /\.(nd)?json$/.test(file);

async function duckdb() {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return async () => {
    const db = await DuckDBInstance.create(":memory:", { threads: "2" });
    const connection = await db.connect();
    const start = performance.now();
    await connection.run(`create table t as select * from ${json ? "read_json" : "read_csv"}('${file}')`);
    const took = performance.now() - start;
    const rows = Number((await connection.runAndReadAll("select count(*) from t")).getRows()[0][0]);
    connection.closeSync();
    return { took, rows };
  };
}

async function polars() {
  process.env.POLARS_MAX_THREADS = "2";
  const module = await import("nodejs-polars");
  const pl = module.default ?? module;
  return async () => {
    const start = performance.now();
    const frame = json
      ? pl.readJSON(file, { format: file.endsWith(".ndjson") ? "lines" : "json" })
      : pl.readCSV(file, { tryParseDates: peer === "polars" });
    return { took: performance.now() - start, rows: frame.height };
  };
}

const load = await (peer === "duckdb" ? duckdb() : polars());
const took = [];
let rows = 0;
for (let i = 0; i < Number(times); i++) {
  const one = await load();
  took.push(one.took);
  rows = one.rows;
}
console.log(JSON.stringify({ took, rows }));
