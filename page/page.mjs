// The page of `jdl check --page`: the package's reader in Pyodide, its rules in DuckDB, no request.
import * as duckdb from "./node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs";
import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";

const files = globalThis.jdlFiles;

function bytesOf(name) {
  const binary = atob(files[name]);
  delete files[name];
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// what is fetched lies beside the page already; anything else is refused, whoever asks
globalThis.fetch = async (asked) => {
  const name = String(asked.url ?? asked).split("/").pop();
  if (!(name in files)) throw new Error("this page fetches nothing");
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(bytesOf(name), { headers: { "content-type": type } });
};

function plain(value) {
  if (typeof value === "bigint") return Number(value);
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value;
  return typeof value.toArray === "function" ? Array.from(value, plain) : String(value);
}

async function openDuckDB() {
  const bundle = { mainModule: "https://beside.invalid/duckdb-eh.wasm", mainWorker: null };
  const bundles = { mvp: bundle, eh: bundle };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.BROWSER_RUNTIME);
  await db.instantiate();
  return db;
}

async function openPython(query, register) {
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: "https://beside.invalid/",
    lockFileContents: files["pyodide-lock.json"],
    packageBaseUrl: "https://beside.invalid/",
  });
  python.unpackArchive(bytesOf("package.zip"), "zip", { extractDir: "/package" });
  python.registerJsModule("jdl_page", { query, register });
  python.runPython("import sys; sys.path.insert(0, '/package')");
  return python;
}

async function start() {
  const db = await openDuckDB();
  const python = await openPython(ask, register);
  let connection = null;
  let checks = 0;
  const registered = new Set();
  function ask(sql) {
    const table = connection.query(sql);
    const names = table.schema.fields.map((field) => field.name);
    const columns = names.map((_, place) => table.getChildAt(place));
    const rows = [];
    for (let n = 0; n < table.numRows; n++) rows.push(columns.map((column) => plain(column.get(n))));
    return JSON.stringify({ names, rows });
  }
  function register(name, proxy) {
    const bytes = proxy.toJs();
    proxy.destroy();
    if (registered.has(name)) db.dropFile(name);
    registered.add(name);
    db.registerFileBuffer(name, bytes);
  }
  const check = python.pyimport("justice_data_lab.replies.in_browser").check;
  return async (chosen) => {
    connection = db.connect();
    checks += 1;
    connection.query(`create schema check_${checks}`);
    connection.query(`use check_${checks}`);
    try {
      const read = await Promise.all(chosen.map((file) => file.arrayBuffer()));
      const named = chosen.map((file, n) => [file.name, new Uint8Array(read[n])]);
      return JSON.parse(check(python.toPy(named)));
    } finally {
      connection.query("use main");
      connection.query(`drop schema check_${checks} cascade`);
      connection.close();
    }
  };
}

const status = document.getElementById("status");
const input = document.getElementById("files");
const shown = document.getElementById("reply");
const save = document.getElementById("save");

globalThis.jdlReady = start().then((check) => {
  status.textContent = "Ready. Choose your workbook, or both CSV files.";
  input.disabled = false;
  return check;
});
globalThis.jdlReady.catch((error) => {
  status.textContent = `This browser could not start the check (${error.message}).`;
});

// one check after the other: they share a connection
let last = Promise.resolve();
function answer(chosen) {
  last = last.catch(() => null).then(() => answerNow(chosen));
  return last;
}

async function answerNow(chosen) {
  status.textContent = "Checking…";
  const check = await globalThis.jdlReady;
  await new Promise((done) => setTimeout(done));
  const reply = await check(chosen);
  if (reply.problem) {
    status.textContent = reply.problem;
    shown.hidden = save.hidden = true;
    return reply;
  }
  status.textContent = `${reply.json.request_id}: ${reply.json.verdict.text}`;
  shown.srcdoc = reply.html;
  shown.hidden = save.hidden = false;
  save.href = URL.createObjectURL(new Blob([reply.html], { type: "text/html" }));
  save.download = `${reply.json.request_id}.html`;
  return reply;
}
globalThis.jdlLast = () => last;

input.addEventListener("change", () => answer(Array.from(input.files)));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  answer(Array.from(event.dataTransfer.files));
});
